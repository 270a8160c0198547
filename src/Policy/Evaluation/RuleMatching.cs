using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation;

/// <summary>Whether a rule matches a packet. Every part that is present must hold. <see cref="Hot.HotRule"/> says the same, fast.</summary>
internal static class RuleMatching
{
    internal static bool Matches(PolicyRule rule, in Packet packet, CompiledState state)
    {
        if (rule.Family is { } family && packet.Source.Family != family) return false;
        if (rule.Protocol is { } protocol && packet.Protocol != protocol) return false;
        if (rule.NotProtocol is { } notProtocol && packet.Protocol == notProtocol) return false;
        if (rule.Icmp is { } icmp && !IsMessage(packet, icmp)) return false;
        if (rule.NotIcmp is { } notIcmp && IsMessage(packet, notIcmp)) return false;
        if (rule.Http is { } http && !HttpMatching.Matches(http, packet.Http)) return false;
        return Matches(rule.Source, packet.Source, packet.SourcePort, packet, state)
            && Matches(rule.Destination, packet.Destination, packet.DestinationPort, packet, state);
    }

    private static bool IsMessage(in Packet packet, IcmpMatch match) =>
        packet.IsIcmp
        && (match.Type is null || match.Type == packet.IcmpType)
        && (match.Code is null || match.Code == packet.IcmpCode);

    private static bool Matches(EntityMatch side, IpAddr address, ushort port, in Packet packet, CompiledState state)
    {
        if (side.MatchesNothing) return false;

        if (!side.Nets.IsEmpty && !side.Nets.Any(n => n.Contains(address))) return false;
        if (side.NotNets.Any(n => n.Contains(address))) return false;

        if (!side.IpSets.All(s => state.Set(s).Contains(address))) return false;
        if (side.NotIpSets.Any(s => state.Set(s).Contains(address))) return false;

        byte protocol = packet.Protocol;
        bool hasPorts = packet.HasPorts;
        if (!side.Ports.IsEmpty || !side.NamedPortSets.IsEmpty)
        {
            bool inOne = hasPorts
                && (side.Ports.Any(p => p.Contains(port)) || side.NamedPortSets.Any(s => state.Set(s).Contains(address, protocol, port)));
            if (!inOne) return false;
        }
        if (hasPorts && side.NotPorts.Any(p => p.Contains(port))) return false;
        if (hasPorts && side.NotNamedPortSets.Any(s => state.Set(s).Contains(address, protocol, port))) return false;

        return side.ServiceSet is not { } service || (hasPorts && state.Set(service).Contains(address, protocol, port));
    }
}
