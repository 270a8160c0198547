using Margay.Foundation.Primitives;

namespace Margay.Linux.Conntrack;

/// <summary>One direction of a tracked connection.</summary>
/// <param name="Source">Where packets of this direction come from.</param>
/// <param name="Destination">Where they go.</param>
/// <param name="Protocol">The IP protocol number.</param>
/// <param name="SourcePort">The source port; for ICMP the identifier; 0 for protocols without ports.</param>
/// <param name="DestinationPort">The destination port; 0 for ICMP and protocols without ports.</param>
/// <param name="IcmpType">The ICMP or ICMPv6 type; 0 otherwise.</param>
/// <param name="IcmpCode">The ICMP or ICMPv6 code; 0 otherwise.</param>
public readonly record struct ConntrackTuple(
    IpAddr Source, IpAddr Destination, byte Protocol, ushort SourcePort, ushort DestinationPort, byte IcmpType = 0, byte IcmpCode = 0)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Protocol} {Source}:{SourcePort} -> {Destination}:{DestinationPort}";
}

/// <summary>A tracked connection.</summary>
/// <param name="Original">As the first packet was seen, before any translation of its destination.</param>
/// <param name="Reply">As answers are expected: its source is the destination after translation.</param>
/// <param name="Mark">The connection mark.</param>
public sealed record ConntrackEntry(ConntrackTuple Original, ConntrackTuple Reply, uint Mark);
