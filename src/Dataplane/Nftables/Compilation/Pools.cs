using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>The address pools: who is masqueraded, and towards whom not.</summary>
internal sealed class Pools(DesiredTable table)
{
    private readonly TrackedSet _all4 = Make(Names.AllPools(IpFamily.V4), NftType.Ipv4Address, table);
    private readonly TrackedSet _all6 = Make(Names.AllPools(IpFamily.V6), NftType.Ipv6Address, table);
    private readonly TrackedSet _nat4 = Make(Names.NatPools(IpFamily.V4), NftType.Ipv4Address, table);
    private readonly TrackedSet _nat6 = Make(Names.NatPools(IpFamily.V6), NftType.Ipv6Address, table);

    /// <summary>Families with a pool that is masqueraded.</summary>
    public bool HasNat(IpFamily family) => (family == IpFamily.V4 ? _nat4 : _nat6).Count > 0;

    public void Update(ImmutableArray<DataplanePool> pools)
    {
        Fill(_all4, pools.Select(static pool => pool.Cidr), IpFamily.V4);
        Fill(_all6, pools.Select(static pool => pool.Cidr), IpFamily.V6);
        var nat = pools.Where(static pool => pool.NatOutgoing).Select(static pool => pool.Cidr).ToList();
        Fill(_nat4, nat, IpFamily.V4);
        Fill(_nat6, nat, IpFamily.V6);
    }

    private static void Fill(TrackedSet set, IEnumerable<IpPrefix> prefixes, IpFamily family) =>
        set.Replace(Elements.Outermost(prefixes.Where(prefix => prefix.Family == family)).Select(Elements.Prefix));

    private static TrackedSet Make(string name, NftType type, DesiredTable table) => new(new NftSet(name, type) { Interval = true }, table);
}
