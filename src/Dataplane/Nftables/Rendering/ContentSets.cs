using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>
/// Sets whose name is a hash of their content, so rules with the same list share one and a change makes another. Sets without
/// a name, one per rule, cost the kernel more than linear time in their number.
/// </summary>
internal static class ContentSets
{
    internal static ContentSet Nets(IpFamily family, IEnumerable<IpPrefix> nets)
    {
        var outermost = Elements.Outermost(nets);
        string name = Names.Content(family == IpFamily.V4 ? "nets4" : "nets6", string.Join(',', outermost));
        return new ContentSet(new NftSet(name, AddressType(family)) { Interval = true }, [.. outermost.Select(Elements.Prefix)]);
    }

    internal static ContentSet Ports(IEnumerable<PortRange> ports)
    {
        var merged = Elements.Merge(ports);
        string name = Names.Content("ports", string.Join(',', merged));
        return new ContentSet(new NftSet(name, NftType.InetService) { Interval = true }, [.. merged.Select(Elements.Ports)]);
    }

    /// <summary>Protocols that have ports: TCP, UDP, SCTP, UDP-Lite.</summary>
    internal static ContentSet PortProtocols { get; } = new(
        new NftSet(Names.PortProtocols, NftType.InetProtocol),
        [.. Protocols.WithPorts.Select(static protocol => new NftElement(NftValue.U8(protocol)))]);

    internal static NftType AddressType(IpFamily family) => family == IpFamily.V4 ? NftType.Ipv4Address : NftType.Ipv6Address;
}
