using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Collection;

namespace Margay.Controllers.Addresses;

/// <summary>The names of upstream's gauges about addresses.</summary>
internal enum IpamGauge
{
    /// <summary>Addresses in use, by pool and node.</summary>
    InUse,

    /// <summary>Addresses in use on another node than the block's, by pool and node.</summary>
    Borrowed,

    /// <summary>Addresses that are suspected to be leaked, by pool and node.</summary>
    Candidates,

    /// <summary>Blocks, by pool and the node that owns them.</summary>
    Blocks,

    /// <summary>Addresses of a pool.</summary>
    PoolSize,
}

/// <summary>A figure with its labels; the node is empty where there is none.</summary>
internal readonly record struct IpamFigure(IpamGauge Gauge, string Pool, string Node, double Value);

/// <summary>Works the figures out. Pure.</summary>
internal static class IpamGauges
{
    private const string NoPool = "no_ippool";
    private const string NoAffinity = "no_affinity";
    private const string UnknownNode = "unknown_node";

    /// <summary>Every figure of a snapshot.</summary>
    public static IReadOnlyList<IpamFigure> Of(IpamSnapshot snapshot, IReadOnlyCollection<IpAddr> suspected)
    {
        var sums = new Dictionary<(IpamGauge, string, string), double>();
        var suspects = suspected.ToHashSet();
        List<(IpPrefix Cidr, string Name)> pools = [];
        foreach (var pool in snapshot.View.Pools)
        {
            if (!IpPrefix.TryParse(pool.Spec.Cidr, out var cidr)) continue;
            pools.Add((cidr, pool.Metadata.Name!));
            sums[(IpamGauge.PoolSize, pool.Metadata.Name!, "")] = Math.Pow(2, cidr.Address.Bits - cidr.Length);
        }
        foreach (var (_, block) in snapshot.Readable())
        {
            string pool = pools.Find(p => p.Cidr.Family == block.Cidr.Family && p.Cidr.Contains(block.Cidr)).Name ?? NoPool;
            Count(IpamGauge.Blocks, pool, block.Owner?.Name ?? NoAffinity);
            foreach (var given in block.Allocations.Where(a => !a.Owner.IsCooling))
            {
                string? runsOn = given.Owner[OwnerAttributes.Node];
                string node = runsOn ?? (block.Owner?.Type == BlockOwner.VirtualType ? block.Owner.Value.Name : UnknownNode);
                Count(IpamGauge.InUse, pool, node);
                if (runsOn is not null && block.Owner != BlockOwner.Host(runsOn)) Count(IpamGauge.Borrowed, pool, node);
                if (suspects.Contains(given.Address)) Count(IpamGauge.Candidates, pool, node);
            }
        }
        return [.. sums.Select(s => new IpamFigure(s.Key.Item1, s.Key.Item2, s.Key.Item3, s.Value))];

        void Count(IpamGauge gauge, string pool, string node) => sums[(gauge, pool, node)] = sums.GetValueOrDefault((gauge, pool, node)) + 1;
    }
}
