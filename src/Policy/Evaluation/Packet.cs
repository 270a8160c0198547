using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation;

/// <summary>The first packet of a connection, as far as policy looks at it.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Destination">Where it goes to: the backend, when a service address was translated. Same family as the source.</param>
/// <param name="Protocol">The IP protocol number.</param>
public readonly record struct Packet(IpAddr Source, IpAddr Destination, byte Protocol)
{
    /// <summary>The source port; means something when <see cref="HasPorts"/>.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The destination port; means something when <see cref="HasPorts"/>.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The type of an ICMP or ICMPv6 message.</summary>
    public byte IcmpType { get; init; }

    /// <summary>The code of an ICMP or ICMPv6 message.</summary>
    public byte IcmpCode { get; init; }

    /// <summary>The HTTP request that the packet carries, as a proxy sees it; null when nobody has seen one.</summary>
    public HttpRequest? Http { get; init; }

    /// <summary>True for TCP, UDP, SCTP and UDP-Lite.</summary>
    public bool HasPorts => Protocol is 6 or 17 or 132 or 136;

    /// <summary>True for ICMP in IPv4 and ICMPv6 in IPv6.</summary>
    public bool IsIcmp => Protocol == (Source.Family == IpFamily.V4 ? 1 : 58);
}
