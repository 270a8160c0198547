using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// What every packet that one of a policy's rules can match has in common: its peer's address is in one of some sets or nets, or its
/// destination port is one of some. A packet without it need not visit the policy. A part that some rule does not
/// restrict is null. Compared by content.
/// </summary>
internal sealed class PolicyFilter : IEquatable<PolicyFilter>
{
    // Longer lists are not worth a set of their own.
    private const int MaxNets = 256;
    private const int MaxPorts = 64;

    private PolicyFilter(AddressFilter? addresses, ImmutableArray<(byte Protocol, PortRange Ports)>? ports)
    {
        Addresses = addresses;
        Ports = ports;
        PortKey = Describe(ports);
    }

    /// <summary>The peer's address is in one of these; null when some rule takes every address.</summary>
    public AddressFilter? Addresses { get; }

    /// <summary>The packet is of one of these protocols and goes to one of these ports; null when some rule takes others.</summary>
    public ImmutableArray<(byte Protocol, PortRange Ports)>? Ports { get; }

    /// <summary>The port part as text.</summary>
    public string PortKey { get; }

    public static PolicyFilter Of(PolicyDirection direction, ImmutableArray<PolicyRule> rules)
    {
        var effective = rules.Where(static rule => !rule.Source.MatchesNothing && !rule.Destination.MatchesNothing).ToList();
        return new PolicyFilter(AddressesOf(direction, effective), PortsOf(effective));
    }

    /// <summary>The address part that guards all of them; each must have one.</summary>
    public static PolicyFilter UnionOfAddresses(IEnumerable<PolicyFilter> filters) =>
        new(AddressFilter.Union(filters.Select(static filter => filter.Addresses!)), null);

    /// <summary>The port part that guards all of them; each must have one.</summary>
    public static PolicyFilter UnionOfPorts(IEnumerable<PolicyFilter> filters) =>
        new(null, [.. filters.SelectMany(static filter => filter.Ports!.Value).Distinct()]);

    public bool Equals(PolicyFilter? other) => other is not null && PortKey == other.PortKey && Addresses?.Key == other.Addresses?.Key;

    public override bool Equals(object? obj) => Equals(obj as PolicyFilter);

    public override int GetHashCode() => HashCode.Combine(PortKey, Addresses?.Key);

    private static AddressFilter? AddressesOf(PolicyDirection direction, List<PolicyRule> rules)
    {
        var sets = new HashSet<IpSetId>();
        var nets = new HashSet<IpPrefix>();
        foreach (var rule in rules)
        {
            var peer = direction == PolicyDirection.Ingress ? rule.Source : rule.Destination;
            if (!peer.IpSets.IsEmpty) sets.Add(peer.IpSets[0]);
            else if (!peer.Nets.IsEmpty) nets.UnionWith(peer.Nets);
            else return null;
        }
        return nets.Count > MaxNets ? null : new AddressFilter([.. sets], [.. nets]);
    }

    private static ImmutableArray<(byte Protocol, PortRange Ports)>? PortsOf(List<PolicyRule> rules)
    {
        var ports = new HashSet<(byte, PortRange)>();
        foreach (var rule in rules)
        {
            if (rule.Protocol is not { } protocol || rule.Destination.Ports.IsEmpty || !rule.Destination.NamedPortSets.IsEmpty) return null;
            ports.UnionWith(rule.Destination.Ports.Select(range => (protocol, range)));
        }
        return ports.Count > MaxPorts ? null : [.. ports];
    }

    private static string Describe(ImmutableArray<(byte Protocol, PortRange Ports)>? ports)
    {
        if (ports is not { } list) return "any";
        if (list.Length == 1) return $"{list[0].Protocol}:{list[0].Ports}";
        return string.Join(',', list.Select(static entry => $"{entry.Protocol}:{entry.Ports}").Order(StringComparer.Ordinal));
    }
}
