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
    // Up to here ports are written one by one: a hash table answers faster than ranges do.
    private const int MaxSinglePorts = 1024;

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

    /// <summary>Destination ports with their protocol: a hash table when each range is one port.</summary>
    internal static ContentSet ProtocolPorts(IEnumerable<(byte Protocol, PortRange Ports)> ports)
    {
        var merged = ports.GroupBy(static entry => entry.Protocol).OrderBy(static group => group.Key)
            .SelectMany(static group => Elements.Merge(group.Select(static entry => entry.Ports)).Select(range => (Protocol: group.Key, Ports: range))).ToList();
        bool wide = merged.Sum(static entry => entry.Ports.Last - entry.Ports.First + 1) > MaxSinglePorts;
        string name = Names.Content(wide ? "portranges" : "services", string.Join(',', merged));
        var set = new NftSet(name, NftType.InetProtocol, NftType.InetService) { Interval = wide };
        return new ContentSet(set, wide
            ? [.. merged.Select(static entry => Elements.ProtocolPorts(entry.Protocol, entry.Ports))]
            : [.. merged.SelectMany(static entry => Enumerable.Range(entry.Ports.First, entry.Ports.Last - entry.Ports.First + 1).Select(port => Elements.ProtocolPort(entry.Protocol, (ushort)port)))]);
    }

    /// <summary>Protocols that have ports: TCP, UDP, SCTP, UDP-Lite.</summary>
    internal static ContentSet PortProtocols { get; } = new(
        new NftSet(Names.PortProtocols, NftType.InetProtocol),
        [.. Protocols.WithPorts.Select(static protocol => new NftElement(NftValue.U8(protocol)))]);

    internal static NftType AddressType(IpFamily family) => family == IpFamily.V4 ? NftType.Ipv4Address : NftType.Ipv6Address;
}
