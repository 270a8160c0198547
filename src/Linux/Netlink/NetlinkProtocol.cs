namespace Margay.Linux.Netlink;

/// <summary>Constants of the netlink envelope (<c>include/uapi/linux/netlink.h</c>), with the kernel's names.</summary>
public static class NetlinkProtocol
{
    /// <summary>Links, addresses, routes, rules, neighbours.</summary>
    public const int NETLINK_ROUTE = 0;

    /// <summary>nf_tables, conntrack, NFLOG.</summary>
    public const int NETLINK_NETFILTER = 12;

    /// <summary>Generic netlink families.</summary>
    public const int NETLINK_GENERIC = 16;

    /// <summary>Message type: nothing.</summary>
    public const ushort NLMSG_NOOP = 1;

    /// <summary>Message type: an error, or an acknowledgement when its number is 0.</summary>
    public const ushort NLMSG_ERROR = 2;

    /// <summary>Message type: the end of a dump.</summary>
    public const ushort NLMSG_DONE = 3;

    /// <summary>Message type: messages were lost.</summary>
    public const ushort NLMSG_OVERRUN = 4;

    /// <summary>A request from user space.</summary>
    public const ushort NLM_F_REQUEST = 0x01;

    /// <summary>One of several messages, ended by <see cref="NLMSG_DONE"/>.</summary>
    public const ushort NLM_F_MULTI = 0x02;

    /// <summary>Acknowledge also success.</summary>
    public const ushort NLM_F_ACK = 0x04;

    /// <summary>Send the resulting object back to the requester.</summary>
    public const ushort NLM_F_ECHO = 0x08;

    /// <summary>The dump changed while it was read.</summary>
    public const ushort NLM_F_DUMP_INTR = 0x10;

    /// <summary>Get: every object.</summary>
    public const ushort NLM_F_DUMP = 0x300;

    /// <summary>New: replace what exists.</summary>
    public const ushort NLM_F_REPLACE = 0x100;

    /// <summary>New: fail when it exists.</summary>
    public const ushort NLM_F_EXCL = 0x200;

    /// <summary>New: create when it does not exist.</summary>
    public const ushort NLM_F_CREATE = 0x400;

    /// <summary>New: add at the end.</summary>
    public const ushort NLM_F_APPEND = 0x800;

    /// <summary>Acknowledgement: the request's payload is left out.</summary>
    public const ushort NLM_F_CAPPED = 0x100;

    /// <summary>Acknowledgement: attributes follow (<c>NLMSGERR_ATTR_*</c>).</summary>
    public const ushort NLM_F_ACK_TLVS = 0x200;

    /// <summary>Extended acknowledgement: words for people.</summary>
    public const ushort NLMSGERR_ATTR_MSG = 1;

    /// <summary>Extended acknowledgement: byte offset of the offending attribute in the request.</summary>
    public const ushort NLMSGERR_ATTR_OFFS = 2;

    /// <summary>Attribute type flag: holds attributes.</summary>
    public const ushort NLA_F_NESTED = 0x8000;

    /// <summary>Attribute type flag: the value is in network order.</summary>
    public const ushort NLA_F_NET_BYTEORDER = 0x4000;

    /// <summary>The part of an attribute's type field that is the type.</summary>
    public const ushort NLA_TYPE_MASK = 0x3fff;

    internal const int MessageHeaderSize = 16;
    internal const int AttributeHeaderSize = 4;

    /// <summary>Rounds up to the 4 bytes at which messages and attributes start.</summary>
    internal static int Align(int length) => (length + 3) & ~3;
}
