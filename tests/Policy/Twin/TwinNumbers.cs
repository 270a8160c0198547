using Margay.Foundation.Primitives;

namespace Margay.Policy.Tests.Twin;

/// <summary>A question: the first packet of a connection.</summary>
internal readonly record struct TwinPacket(IpAddr Source, IpAddr Destination, int Protocol, int SourcePort, int DestinationPort, int IcmpType, int IcmpCode)
{
    public bool IsV6 => Source.Family == IpFamily.V6;

    public bool HasPorts => Protocol is 6 or 17 or 132;
}

/// <summary>Names of protocols (IANA protocol numbers).</summary>
internal static class TwinNumbers
{
    public static int Protocol(string name) => name switch
    {
        "TCP" => 6,
        "UDP" => 17,
        "SCTP" => 132,
        "ICMP" => 1,
        "ICMPv6" => 58,
        "UDPLite" => 136,
        _ => -1,
    };
}
