using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>Whether a packet goes to a port that is open whatever policy says.</summary>
internal static class Failsafes
{
    /// <summary>Towards the host by the inbound ports, from it by the outbound ones; the prefix is that of the other side.</summary>
    public static bool Open(NodeSettings settings, PolicyDirection direction, Packet packet) => direction == PolicyDirection.Ingress
        ? settings.FailsafeInbound.Any(p => p.Protocol == packet.Protocol && p.Port == packet.DestinationPort && (p.Net?.Contains(packet.Source) ?? true))
        : settings.FailsafeOutbound.Any(p => p.Protocol == packet.Protocol && p.Port == packet.DestinationPort && (p.Net?.Contains(packet.Destination) ?? true));

    /// <summary>
    /// Before connection tracking an answer looks like any packet: those of the other direction's ports pass too, so that no
    /// policy takes half of a connection out of tracking.
    /// </summary>
    public static bool OpenUntracked(NodeSettings settings, PolicyDirection direction, Packet packet) =>
        Open(settings, direction, packet)
        || (direction == PolicyDirection.Ingress
            ? settings.FailsafeOutbound.Any(p => p.Protocol == packet.Protocol && p.Port == packet.SourcePort && (p.Net?.Contains(packet.Source) ?? true))
            : settings.FailsafeInbound.Any(p => p.Protocol == packet.Protocol && p.Port == packet.SourcePort && (p.Net?.Contains(packet.Destination) ?? true)));
}
