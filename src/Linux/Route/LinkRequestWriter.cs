using Margay.Linux.Netlink;
using Microsoft.Win32.SafeHandles;
using static Margay.Linux.Netlink.NetlinkProtocol;
using static Margay.Linux.Route.Rtnetlink;

namespace Margay.Linux.Route;

/// <summary>Renders operations on links as rtnetlink messages.</summary>
internal static class LinkRequestWriter
{
    internal static void WriteVeth(NetlinkWriter to, VethPair pair)
    {
        to.BeginMessage(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
        to.Header(new LinkHeader());
        WriteEnd(to, pair.Name, pair.Address, pair.Mtu);
        int info = to.BeginNested(IFLA_LINKINFO);
        to.Text(IFLA_INFO_KIND, "veth");
        int data = to.BeginNested(IFLA_INFO_DATA);
        int peer = to.BeginNested(VETH_INFO_PEER);
        to.Header(new LinkHeader());
        WriteEnd(to, pair.PeerName, pair.PeerAddress, pair.Mtu);
        // The other end is born in its namespace: moving it there afterwards costs a grace period, and can be seen half done.
        if (pair.PeerNamespace is { } ns) to.U32(IFLA_NET_NS_FD, Descriptor(ns));
        to.EndNested(peer);
        to.EndNested(data);
        to.EndNested(info);
        to.EndMessage();
    }

    internal static void WriteChange(NetlinkWriter to, int index, LinkChange change)
    {
        to.BeginMessage(RTM_SETLINK, NLM_F_ACK);
        var header = new LinkHeader { Index = index };
        if (change.Up is { } up)
        {
            header.Change = IFF_UP;
            header.Flags = up ? IFF_UP : 0;
        }
        to.Header(header);
        if (change.Name is { } name) to.Text(IFLA_IFNAME, name);
        // An empty attribute removes the alias; a NUL alone would be an alias of one character.
        if (change.Alias is { } alias) to.Attribute(IFLA_IFALIAS, System.Text.Encoding.UTF8.GetBytes(alias));
        if (change.Mtu is { } mtu) to.U32(IFLA_MTU, (uint)mtu);
        if (change.Address is { } address) address.WriteBytes(to.ReserveAttribute(IFLA_ADDRESS, MacAddress.Size));
        if (change.Group is { } group) to.U32(IFLA_GROUP, group);
        if (change.Namespace is { } ns) to.U32(IFLA_NET_NS_FD, Descriptor(ns));
        WriteFamilies(to, change);
        to.EndMessage();
    }

    internal static void WriteDelete(NetlinkWriter to, int index, uint? group)
    {
        to.BeginMessage(RTM_DELLINK, NLM_F_ACK);
        to.Header(new LinkHeader { Index = index });
        if (group is { } number) to.U32(IFLA_GROUP, number);
        to.EndMessage();
    }

    private static void WriteEnd(NetlinkWriter to, string name, MacAddress? address, int mtu)
    {
        to.Text(IFLA_IFNAME, name);
        if (mtu != 0) to.U32(IFLA_MTU, (uint)mtu);
        if (address is { } hardware) hardware.WriteBytes(to.ReserveAttribute(IFLA_ADDRESS, MacAddress.Size));
    }

    // IPv4's settings travel in the same message, which spares a file in /proc for each and the need to be in the namespace.
    // The kernel's table of IPv6's settings cannot be written this way.
    private static void WriteFamilies(NetlinkWriter to, LinkChange change)
    {
        bool v4 = change.Ipv4Forwarding is not null || change.Ipv4ReversePathFilter is not null || change.Ipv4RouteLocalnet is not null;
        if (!v4 && !change.Ipv6Eui64) return;
        int families = to.BeginNested(IFLA_AF_SPEC);
        if (v4)
        {
            int family = to.BeginNested(AF_INET);
            int settings = to.BeginNested(IFLA_INET_CONF);
            if (change.Ipv4Forwarding is { } forwarding) to.U32(IPV4_DEVCONF_FORWARDING, forwarding ? 1u : 0);
            if (change.Ipv4ReversePathFilter is { } filter) to.U32(IPV4_DEVCONF_RP_FILTER, (uint)filter);
            if (change.Ipv4RouteLocalnet is { } localnet) to.U32(IPV4_DEVCONF_ROUTE_LOCALNET, localnet ? 1u : 0);
            to.EndNested(settings);
            to.EndNested(family);
        }
        if (change.Ipv6Eui64)
        {
            int family = to.BeginNested(AF_INET6);
            to.U8(IFLA_INET6_ADDR_GEN_MODE, 0);
            to.EndNested(family);
        }
        to.EndNested(families);
    }

    private static uint Descriptor(SafeFileHandle handle) => (uint)handle.DangerousGetHandle();
}
