using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>Turns addresses, prefixes and ports into elements.</summary>
internal static class Elements
{
    internal static NftElement Address(IpAddr address) => new(RuleBuilder.Value(address));

    internal static NftElement Prefix(IpPrefix prefix) => new(RuleBuilder.Value(prefix.Address), RuleBuilder.Value(prefix.Last));

    internal static NftElement AddressAndPort(IpSetMember member) =>
        new(NftValue.Concat(RuleBuilder.Value(member.Prefix.Address), NftValue.U8(member.Protocol), NftValue.U16(member.Port)));

    internal static NftElement InterfaceAddress(string name, IpAddr address) =>
        new(NftValue.Concat(NftValue.InterfaceName(name), RuleBuilder.Value(address)));

    internal static NftElement InterfacePrefix(string name, IpPrefix prefix) => new(
        NftValue.Concat(NftValue.InterfaceName(name), RuleBuilder.Value(prefix.Address)),
        NftValue.Concat(NftValue.InterfaceName(name), RuleBuilder.Value(prefix.Last)));

    internal static NftElement ProtocolPorts(byte protocol, PortRange ports) => new(
        NftValue.Concat(NftValue.U8(protocol), NftValue.U16(ports.First)),
        NftValue.Concat(NftValue.U8(protocol), NftValue.U16(ports.Last)));

    internal static NftElement ProtocolPort(byte protocol, ushort port) => new(NftValue.Concat(NftValue.U8(protocol), NftValue.U16(port)));

    internal static NftElement Ports(PortRange range) => new(NftValue.U16(range.First), NftValue.U16(range.Last));

    /// <summary>Sorted, with overlapping and touching ranges made one.</summary>
    internal static List<PortRange> Merge(IEnumerable<PortRange> ranges)
    {
        var merged = new List<PortRange>();
        foreach (var range in ranges.OrderBy(static range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
                merged[^1] = new PortRange(merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }
        return merged;
    }

    /// <summary>Sorted, without prefixes that another one contains.</summary>
    internal static List<IpPrefix> Outermost(IEnumerable<IpPrefix> prefixes)
    {
        var outermost = new List<IpPrefix>();
        // Sorted by address, then shorter first: what contains a prefix stands before it.
        foreach (var prefix in prefixes.Order())
        {
            if (outermost.Count == 0 || !outermost[^1].Contains(prefix)) outermost.Add(prefix);
        }
        return outermost;
    }
}
