using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>A rule with sets as numbers and lists as arrays: what <see cref="RuleMatching"/> says, without allocating.</summary>
internal sealed class HotRule(PolicyRule rule, Func<IpSetId, int> numberOf)
{
    /// <summary>The rule.</summary>
    public PolicyRule Rule { get; } = rule;

    /// <summary>The side that the packet comes from.</summary>
    public HotSide Source { get; } = new(rule.Source, numberOf);

    /// <summary>The side that the packet goes to.</summary>
    public HotSide Destination { get; } = new(rule.Destination, numberOf);

    /// <summary>True when the rule never decides: it only logs, or matches nothing.</summary>
    public bool IsIdle => Rule.Action == RuleAction.Log || Rule.Source.MatchesNothing || Rule.Destination.MatchesNothing;

    /// <summary>Whether it matches the packet, given the sets that its addresses are in.</summary>
    public bool Matches(in Packet packet, SetMarks from, SetMarks to)
    {
        if (Rule.Family is { } family && packet.Source.Family != family) return false;
        if (Rule.Protocol is { } protocol && packet.Protocol != protocol) return false;
        if (Rule.NotProtocol is { } notProtocol && packet.Protocol == notProtocol) return false;
        if (Rule.Icmp is { } icmp && !IsMessage(packet, icmp)) return false;
        if (Rule.NotIcmp is { } notIcmp && IsMessage(packet, notIcmp)) return false;
        if (Rule.Http is { } http && !HttpMatching.Matches(http, packet.Http)) return false;
        bool hasPorts = packet.HasPorts;
        return Destination.Matches(packet.Destination, packet.DestinationPort, hasPorts, to)
            && Source.Matches(packet.Source, packet.SourcePort, hasPorts, from);
    }

    private static bool IsMessage(in Packet packet, IcmpMatch match) =>
        packet.IsIcmp
        && (match.Type is null || match.Type == packet.IcmpType)
        && (match.Code is null || match.Code == packet.IcmpCode);
}

/// <summary>One side of a <see cref="HotRule"/>.</summary>
internal sealed class HotSide
{
    private readonly IpPrefix[] _nets;
    private readonly IpPrefix[] _notNets;
    private readonly int[] _notSets;
    private readonly PortRange[] _ports;
    private readonly PortRange[] _notPorts;
    private readonly int[] _notPortSets;

    internal HotSide(EntityMatch side, Func<IpSetId, int> numberOf)
    {
        _nets = [.. side.Nets];
        _notNets = [.. side.NotNets];
        Sets = [.. side.IpSets.Select(numberOf)];
        _notSets = [.. side.NotIpSets.Select(numberOf)];
        _ports = [.. side.Ports];
        PortSets = [.. side.NamedPortSets.Select(numberOf)];
        _notPorts = [.. side.NotPorts];
        _notPortSets = [.. side.NotNamedPortSets.Select(numberOf)];
        ServiceSet = side.ServiceSet is { } service ? numberOf(service) : -1;
    }

    /// <summary>The sets that the address must be in, every one.</summary>
    public int[] Sets { get; }

    /// <summary>The sets of addresses with ports, of which one will do.</summary>
    public int[] PortSets { get; }

    /// <summary>True when the address and port must be in one of <see cref="PortSets"/>.</summary>
    public bool NeedsPortSet => PortSets.Length > 0 && _ports.Length == 0;

    /// <summary>The set of a service that the address and port must be in; -1: none.</summary>
    public int ServiceSet { get; }

    /// <summary>Whether the side matches.</summary>
    public bool Matches(in IpAddr address, ushort port, bool hasPorts, SetMarks marks)
    {
        if (_ports.Length + PortSets.Length > 0 && !(hasPorts && (IsIn(_ports, port) || IsInOne(PortSets, marks)))) return false;
        foreach (int set in Sets)
            if (!marks.Contains(set)) return false;
        if (IsInOne(_notSets, marks)) return false;
        if (_nets.Length > 0 && !IsIn(_nets, address)) return false;
        if (IsIn(_notNets, address)) return false;
        if (hasPorts && (IsIn(_notPorts, port) || IsInOne(_notPortSets, marks))) return false;
        return ServiceSet < 0 || (hasPorts && marks.Contains(ServiceSet));
    }

    private static bool IsIn(IpPrefix[] prefixes, in IpAddr address)
    {
        foreach (var prefix in prefixes)
            if (prefix.Contains(address)) return true;
        return false;
    }

    private static bool IsIn(PortRange[] ranges, ushort port)
    {
        foreach (var range in ranges)
            if (range.Contains(port)) return true;
        return false;
    }

    private static bool IsInOne(int[] sets, SetMarks marks)
    {
        foreach (int set in sets)
            if (marks.Contains(set)) return true;
        return false;
    }
}
