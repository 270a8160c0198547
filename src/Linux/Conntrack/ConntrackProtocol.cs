using System.Runtime.InteropServices;

namespace Margay.Linux.Conntrack;

/// <summary>Numbers of <c>include/uapi/linux/netfilter/nfnetlink_conntrack.h</c>, under their native names.</summary>
internal static class ConntrackProtocol
{
    internal const ushort NFNL_SUBSYS_CTNETLINK = 1;
    internal const ushort IPCTNL_MSG_CT_NEW = 0;
    internal const ushort IPCTNL_MSG_CT_GET = 1;
    internal const ushort IPCTNL_MSG_CT_DELETE = 2;

    internal const ushort CTA_TUPLE_ORIG = 1;
    internal const ushort CTA_TUPLE_REPLY = 2;
    internal const ushort CTA_MARK = 8;
    internal const ushort CTA_MARK_MASK = 21;

    internal const ushort CTA_TUPLE_IP = 1;
    internal const ushort CTA_TUPLE_PROTO = 2;

    internal const ushort CTA_IP_V4_SRC = 1;
    internal const ushort CTA_IP_V4_DST = 2;
    internal const ushort CTA_IP_V6_SRC = 3;
    internal const ushort CTA_IP_V6_DST = 4;

    internal const ushort CTA_PROTO_NUM = 1;
    internal const ushort CTA_PROTO_SRC_PORT = 2;
    internal const ushort CTA_PROTO_DST_PORT = 3;
    internal const ushort CTA_PROTO_ICMP_ID = 4;
    internal const ushort CTA_PROTO_ICMP_TYPE = 5;
    internal const ushort CTA_PROTO_ICMP_CODE = 6;
    internal const ushort CTA_PROTO_ICMPV6_ID = 7;
    internal const ushort CTA_PROTO_ICMPV6_TYPE = 8;
    internal const ushort CTA_PROTO_ICMPV6_CODE = 9;

    internal const byte AF_INET = 2;
    internal const byte AF_INET6 = 10;
    internal const byte IPPROTO_ICMP = 1;
    internal const byte IPPROTO_ICMPV6 = 58;

    internal static ushort Type(ushort message) => (ushort)((NFNL_SUBSYS_CTNETLINK << 8) | message);

    /// <summary><c>struct nfgenmsg</c>: family, version 0, resource id 0.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 4)]
    internal readonly struct Header(byte family)
    {
        internal readonly byte Family = family;
    }
}
