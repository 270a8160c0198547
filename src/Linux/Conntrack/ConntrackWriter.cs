using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;

namespace Margay.Linux.Conntrack;

/// <summary>Writes tuples.</summary>
internal static class ConntrackWriter
{
    internal static void Tuple(NetlinkWriter request, ushort type, ConntrackTuple tuple)
    {
        bool v4 = tuple.Source.Family == IpFamily.V4;
        int nest = request.BeginNested(type);
        int ip = request.BeginNested(ConntrackProtocol.CTA_TUPLE_IP);
        Address(request, v4 ? ConntrackProtocol.CTA_IP_V4_SRC : ConntrackProtocol.CTA_IP_V6_SRC, tuple.Source);
        Address(request, v4 ? ConntrackProtocol.CTA_IP_V4_DST : ConntrackProtocol.CTA_IP_V6_DST, tuple.Destination);
        request.EndNested(ip);
        int protocol = request.BeginNested(ConntrackProtocol.CTA_TUPLE_PROTO);
        request.U8(ConntrackProtocol.CTA_PROTO_NUM, tuple.Protocol);
        switch (tuple.Protocol)
        {
            case ConntrackProtocol.IPPROTO_ICMP:
                request.U16Be(ConntrackProtocol.CTA_PROTO_ICMP_ID, tuple.SourcePort);
                request.U8(ConntrackProtocol.CTA_PROTO_ICMP_TYPE, tuple.IcmpType);
                request.U8(ConntrackProtocol.CTA_PROTO_ICMP_CODE, tuple.IcmpCode);
                break;
            case ConntrackProtocol.IPPROTO_ICMPV6:
                request.U16Be(ConntrackProtocol.CTA_PROTO_ICMPV6_ID, tuple.SourcePort);
                request.U8(ConntrackProtocol.CTA_PROTO_ICMPV6_TYPE, tuple.IcmpType);
                request.U8(ConntrackProtocol.CTA_PROTO_ICMPV6_CODE, tuple.IcmpCode);
                break;
            default:
                request.U16Be(ConntrackProtocol.CTA_PROTO_SRC_PORT, tuple.SourcePort);
                request.U16Be(ConntrackProtocol.CTA_PROTO_DST_PORT, tuple.DestinationPort);
                break;
        }
        request.EndNested(protocol);
        request.EndNested(nest);
    }

    private static void Address(NetlinkWriter request, ushort type, IpAddr address) =>
        address.WriteBytes(request.ReserveAttribute(type, address.ByteCount));
}
