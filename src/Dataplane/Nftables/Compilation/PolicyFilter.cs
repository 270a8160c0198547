using System.Collections.Immutable;
using System.Text;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>
/// What every packet that one of a policy's rules can match has in common: its peer's address is in one of some sets or nets, or its
/// destination port is one of some. A packet without it need not visit the policy. A part that some rule does not
/// restrict is null. Compared by <see cref="Key"/>.
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
        Key = Describe();
    }

    /// <summary>The peer's address is in one of these; null when some rule takes every address.</summary>
    public AddressFilter? Addresses { get; }

    /// <summary>The packet is of one of these protocols and goes to one of these ports; null when some rule takes others.</summary>
    public ImmutableArray<(byte Protocol, PortRange Ports)>? Ports { get; }

    /// <summary>The content as text.</summary>
    public string Key { get; }

    public static PolicyFilter Of(PolicyDirection direction, ImmutableArray<PolicyRule> rules)
    {
        var effective = rules.Where(static rule => !rule.Source.MatchesNothing && !rule.Destination.MatchesNothing).ToList();
        return new PolicyFilter(AddressesOf(direction, effective), PortsOf(effective));
    }

    public static PolicyFilter Union(IEnumerable<PolicyFilter> filters)
    {
        var all = filters.ToList();
        var addresses = all.TrueForAll(static filter => filter.Addresses is not null)
            ? AddressFilter.Union(all.Select(static filter => filter.Addresses!)) : null;
        ImmutableArray<(byte, PortRange)>? ports = all.TrueForAll(static filter => filter.Ports is not null)
            ? [.. all.SelectMany(static filter => filter.Ports!.Value).Distinct()] : null;
        return new PolicyFilter(addresses, ports);
    }

    /// <summary>Only the address part.</summary>
    public PolicyFilter AddressesOnly() => new(Addresses, null);

    /// <summary>Only the port part.</summary>
    public PolicyFilter PortsOnly() => new(null, Ports);

    public bool Equals(PolicyFilter? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as PolicyFilter);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

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

    private string Describe()
    {
        var text = new StringBuilder();
        text.Append(Addresses?.Key ?? "any").Append('|');
        if (Ports is null) return text.Append("any").ToString();
        foreach (var (protocol, range) in Ports.Value.Order(Comparer<(byte Protocol, PortRange Ports)>.Create(static (a, b) =>
            (a.Protocol, a.Ports.First, a.Ports.Last).CompareTo((b.Protocol, b.Ports.First, b.Ports.Last))))) text.Append(protocol).Append(':').Append(range).Append(',');
        return text.ToString();
    }
}
