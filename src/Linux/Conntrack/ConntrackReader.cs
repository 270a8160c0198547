using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;

namespace Margay.Linux.Conntrack;

/// <summary>Reads entries of a dump.</summary>
internal static class ConntrackReader
{
    internal static ConntrackEntry? TryRead(in NetlinkMessage message)
    {
        if (message.Type != ConntrackProtocol.Type(ConntrackProtocol.IPCTNL_MSG_CT_NEW)) return null;
        ConntrackTuple? original = null;
        ConntrackTuple? reply = null;
        uint mark = 0;
        var attributes = message.Attributes<ConntrackProtocol.Header>();
        while (attributes.TryNext(out var attribute))
        {
            switch (attribute.Type)
            {
                case ConntrackProtocol.CTA_TUPLE_ORIG:
                    original = Tuple(attribute.Nested);
                    break;
                case ConntrackProtocol.CTA_TUPLE_REPLY:
                    reply = Tuple(attribute.Nested);
                    break;
                case ConntrackProtocol.CTA_MARK:
                    mark = attribute.U32Be;
                    break;
            }
        }
        return original is { } first && reply is { } second ? new ConntrackEntry(first, second, mark) : null;
    }

    private static ConntrackTuple Tuple(NetlinkAttributes attributes)
    {
        var tuple = default(ConntrackTuple);
        while (attributes.TryNext(out var attribute))
        {
            if (attribute.Type == ConntrackProtocol.CTA_TUPLE_IP) tuple = Addresses(attribute.Nested, tuple);
            if (attribute.Type == ConntrackProtocol.CTA_TUPLE_PROTO) tuple = Ports(attribute.Nested, tuple);
        }
        return tuple;
    }

    private static ConntrackTuple Addresses(NetlinkAttributes attributes, ConntrackTuple tuple)
    {
        while (attributes.TryNext(out var attribute))
        {
            tuple = attribute.Type switch
            {
                ConntrackProtocol.CTA_IP_V4_SRC or ConntrackProtocol.CTA_IP_V6_SRC => tuple with { Source = IpAddr.FromBytes(attribute.Value) },
                ConntrackProtocol.CTA_IP_V4_DST or ConntrackProtocol.CTA_IP_V6_DST => tuple with { Destination = IpAddr.FromBytes(attribute.Value) },
                _ => tuple,
            };
        }
        return tuple;
    }

    private static ConntrackTuple Ports(NetlinkAttributes attributes, ConntrackTuple tuple)
    {
        while (attributes.TryNext(out var attribute))
        {
            tuple = attribute.Type switch
            {
                ConntrackProtocol.CTA_PROTO_NUM => tuple with { Protocol = attribute.U8 },
                ConntrackProtocol.CTA_PROTO_SRC_PORT => tuple with { SourcePort = attribute.U16Be },
                ConntrackProtocol.CTA_PROTO_DST_PORT => tuple with { DestinationPort = attribute.U16Be },
                ConntrackProtocol.CTA_PROTO_ICMP_ID or ConntrackProtocol.CTA_PROTO_ICMPV6_ID => tuple with { SourcePort = attribute.U16Be },
                ConntrackProtocol.CTA_PROTO_ICMP_TYPE or ConntrackProtocol.CTA_PROTO_ICMPV6_TYPE => tuple with { IcmpType = attribute.U8 },
                ConntrackProtocol.CTA_PROTO_ICMP_CODE or ConntrackProtocol.CTA_PROTO_ICMPV6_CODE => tuple with { IcmpCode = attribute.U8 },
                _ => tuple,
            };
        }
        return tuple;
    }
}
