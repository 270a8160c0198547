using Margay.Controllers.Configuration;
using Margay.Controllers.Hosting;
using Margay.Controllers.Reconciling;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Addresses;

/// <summary>
/// Takes back addresses that nobody uses, round by round, and publishes the figures about addresses. It looks at everything
/// afresh each time and needs no watch.
/// </summary>
internal sealed class CollectionController(IIpamStore store, IpamMetrics metrics, SettingsSource settings, TimeProvider time, ILogger logger) : IController
{
    private const string Round = "round";
    private readonly IpamMetricsPublisher _publisher = new();
    private (TimeSpan Grace, IpamCollector Collector)? _collector;

    public string Name => "address-collection";

    public IReadOnlyCollection<string> Observe(in ResourceUpdate update) => [];

    public IReadOnlyCollection<string> Keys() => [Round];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop)
    {
        if (settings.Current.Node is not { } node)
        {
            _publisher.Clear();
            return null;
        }
        var snapshot = await IpamSnapshot.ReadAsync(store, stop);
        if (node.LeakGrace is not { } grace)
        {
            _publisher.Publish(IpamGauges.Of(snapshot, []));
            return ControllerLoop.ResyncPeriod;
        }
        var collector = CollectorFor(grace);
        Tell(await collector.RunAsync(snapshot, stop));
        _publisher.Publish(IpamGauges.Of(snapshot, collector.Suspected));
        // Two observations at least the grace apart decide, so a third of it is often enough.
        return grace / 3 < ControllerLoop.ResyncPeriod ? grace / 3 : ControllerLoop.ResyncPeriod;
    }

    /// <summary>Publishes nothing any more.</summary>
    public void Clear() => _publisher.Clear();

    // Another grace forgets the suspects, which only delays: each is innocent until seen twice again.
    private IpamCollector CollectorFor(TimeSpan grace)
    {
        if (_collector is { } known && known.Grace == grace) return known.Collector;
        var made = new IpamCollector(store, new IpamClientOptions(), metrics, time, grace);
        _collector = (grace, made);
        return made;
    }

    private void Tell(CollectionResult result)
    {
        foreach (var (address, reason) in result.Released) logger.AddressCollected(address.ToString(), reason);
        IpamMetricsPublisher.Reclaimed.Inc(result.Released.Count);
        if (result.HandlesMended + result.ClaimsMended + result.BlocksGivenUp > 0)
            logger.RecordsMended(result.HandlesMended, result.ClaimsMended, result.BlocksGivenUp);
    }
}
