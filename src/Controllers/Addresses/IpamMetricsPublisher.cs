using Prometheus;

namespace Margay.Controllers.Addresses;

/// <summary>Publishes the figures under upstream's names. What is no longer among them disappears.</summary>
internal sealed class IpamMetricsPublisher
{
    private static readonly string[] PoolAndNode = ["ippool", "node"];

    private static readonly Dictionary<IpamGauge, Gauge> Gauges = new()
    {
        [IpamGauge.InUse] = Metrics.CreateGauge("ipam_allocations_in_use", "Addresses in use by a workload, tunnel or service.", PoolAndNode),
        [IpamGauge.Borrowed] = Metrics.CreateGauge("ipam_allocations_borrowed", "Addresses in use on another node than the one that owns the block.", PoolAndNode),
        [IpamGauge.Candidates] = Metrics.CreateGauge("ipam_allocations_gc_candidates", "Addresses that seem to be used by nobody; they are taken back when that stays so.", PoolAndNode),
        [IpamGauge.Blocks] = Metrics.CreateGauge("ipam_blocks", "Blocks, by pool and owner.", PoolAndNode),
        [IpamGauge.PoolSize] = Metrics.CreateGauge("ipam_ippool_size", "Addresses of the pool.", "ippool"),
    };

    // Upstream's older form, without pools.
    private static readonly Dictionary<IpamGauge, Gauge> PerNode = new()
    {
        [IpamGauge.InUse] = Metrics.CreateGauge("ipam_allocations_per_node", "Addresses in use, by node.", "node"),
        [IpamGauge.Borrowed] = Metrics.CreateGauge("ipam_allocations_borrowed_per_node", "Borrowed addresses in use, by node.", "node"),
        [IpamGauge.Blocks] = Metrics.CreateGauge("ipam_blocks_per_node", "Blocks, by owner.", "node"),
    };

    /// <summary>Addresses taken back.</summary>
    public static readonly Counter Reclaimed = Metrics.CreateCounter("ipam_allocations_gc_reclamations", "Addresses taken back because nobody used them.");

    private readonly List<(Gauge Gauge, string[] Labels)> _labels = [];

    /// <summary>Publishes.</summary>
    public void Publish(IReadOnlyList<IpamFigure> figures)
    {
        var now = new List<(Gauge Gauge, string[] Labels)>();
        foreach (var figure in figures)
            Set(Gauges[figure.Gauge], figure.Gauge == IpamGauge.PoolSize ? [figure.Pool] : [figure.Pool, figure.Node], figure.Value);
        foreach (var sum in figures.Where(f => PerNode.ContainsKey(f.Gauge)).GroupBy(f => (f.Gauge, f.Node)))
            Set(PerNode[sum.Key.Gauge], [sum.Key.Node], sum.Sum(f => f.Value));
        foreach (var (gauge, labels) in _labels.Where(old => !now.Exists(n => n.Gauge == old.Gauge && n.Labels.SequenceEqual(old.Labels))).ToList())
            gauge.RemoveLabelled(labels);
        _labels.Clear();
        _labels.AddRange(now);

        void Set(Gauge gauge, string[] labels, double value)
        {
            gauge.WithLabels(labels).Set(value);
            now.Add((gauge, labels));
        }
    }

    /// <summary>Publishes nothing any more: another process does.</summary>
    public void Clear() => Publish([]);
}
