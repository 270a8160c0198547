using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using static Margay.Linux.Route.Rtnetlink;

namespace Margay.Linux.Route;

/// <summary>Reads rtnetlink messages.</summary>
internal static class RouteReader
{
    internal static Link? ReadLink(in NetlinkMessage message)
    {
        if (message.Type is not (RTM_NEWLINK or RTM_DELLINK)) return null;
        var header = message.Header<LinkHeader>();
        var attributes = message.Attributes<LinkHeader>();
        var link = new Link { Index = header.Index, Name = "", IsUp = (header.Flags & IFF_UP) != 0 };
        while (attributes.TryNext(out var a))
        {
            link = a.Type switch
            {
                IFLA_IFNAME => link with { Name = a.Text },
                IFLA_IFALIAS => link with { Alias = a.Text },
                IFLA_MTU => link with { Mtu = (int)a.U32 },
                IFLA_GROUP => link with { Group = a.U32 },
                IFLA_LINK => link with { Peer = (int)a.U32 },
                IFLA_LINK_NETNSID => link with { PeerNamespaceId = (int)a.U32 },
                IFLA_ADDRESS when a.Value.Length == MacAddress.Size => link with { Address = MacAddress.FromBytes(a.Value) },
                IFLA_LINKINFO => link with { Kind = ReadKind(a.Nested) },
                _ => link,
            };
        }
        return link;
    }

    internal static AddressEntry? ReadAddress(in NetlinkMessage message)
    {
        if (message.Type != RTM_NEWADDR) return null;
        var header = message.Header<AddressHeader>();
        var attributes = message.Attributes<AddressHeader>();
        IpAddr local = default, address = default;
        while (attributes.TryNext(out var a))
        {
            if (a.Type == IFA_LOCAL) local = ReadIp(in a);
            else if (a.Type == IFA_ADDRESS) address = ReadIp(in a);
        }
        // On a point-to-point interface IFA_ADDRESS is the other side's; IPv6 often sends it alone.
        if (local.Family == IpFamily.None) local = address;
        return local.Family == IpFamily.None ? null : new AddressEntry(new InterfaceAddress(header.Index, local, header.PrefixLength));
    }

    internal static KernelRoute? ReadRoute(in NetlinkMessage message)
    {
        if (message.Type is not (RTM_NEWROUTE or RTM_DELROUTE)) return null;
        var header = message.Header<RouteHeader>();
        if (FamilyOf(header.Family) is not { } family || (header.Flags & RTM_F_CLONED) != 0) return null;
        var destination = IpAddr.FromValue(UInt128.Zero, family);
        uint table = header.Table, metric = 0;
        int link = 0;
        IpAddr? gateway = null, source = null;
        var attributes = message.Attributes<RouteHeader>();
        while (attributes.TryNext(out var a))
        {
            switch (a.Type)
            {
                case RTA_DST: destination = ReadIp(in a); break;
                case RTA_OIF: link = (int)a.U32; break;
                case RTA_GATEWAY: gateway = ReadIp(in a); break;
                case RTA_PREFSRC: source = ReadIp(in a); break;
                case RTA_PRIORITY: metric = a.U32; break;
                case RTA_TABLE: table = a.U32; break;
            }
        }
        if (destination.Family != family || header.DestinationLength > destination.Bits)
            throw new MalformedNetlinkException($"A route to {destination}/{header.DestinationLength} in family {header.Family}.");
        return new KernelRoute
        {
            Destination = new IpPrefix(destination, header.DestinationLength),
            Type = (RouteType)header.Type,
            Scope = (RouteScope)header.Scope,
            Interface = link,
            Gateway = gateway,
            OnLink = (header.Flags & RTNH_F_ONLINK) != 0,
            Source = source,
            Protocol = header.Protocol,
            Table = table,
            Metric = metric,
        };
    }

    internal static NeighbourEntry? ReadNeighbour(in NetlinkMessage message)
    {
        if (message.Type != RTM_NEWNEIGH) return null;
        var header = message.Header<NeighbourHeader>();
        if (FamilyOf(header.Family) is null || (header.State & NUD_PERMANENT) == 0) return null;
        IpAddr address = default;
        MacAddress? mac = null;
        var attributes = message.Attributes<NeighbourHeader>();
        while (attributes.TryNext(out var a))
        {
            if (a.Type == NDA_DST) address = ReadIp(in a);
            else if (a.Type == NDA_LLADDR && a.Value.Length == MacAddress.Size) mac = MacAddress.FromBytes(a.Value);
        }
        return mac is { } hardware ? new NeighbourEntry(new PermanentNeighbour(header.Index, address, hardware)) : null;
    }

    internal static RuleEntry? ReadRule(in NetlinkMessage message)
    {
        if (message.Type != RTM_NEWRULE) return null;
        var header = message.Header<RouteHeader>();
        if (FamilyOf(header.Family) is not { } family) return null;
        uint priority = 0, table = header.Table, mark = 0, mask = 0;
        var attributes = message.Attributes<RouteHeader>();
        while (attributes.TryNext(out var a))
        {
            switch (a.Type)
            {
                case FRA_PRIORITY: priority = a.U32; break;
                case FRA_TABLE: table = a.U32; break;
                case FRA_FWMARK: mark = a.U32; break;
                case FRA_FWMASK: mask = a.U32; break;
            }
        }
        return new RuleEntry(new RoutingRule(family, priority, table, mark, mask));
    }

    private static IpAddr ReadIp(in NetlinkAttribute attribute) => attribute.Value.Length is 4 or 16
        ? IpAddr.FromBytes(attribute.Value)
        : throw new MalformedNetlinkException($"Attribute {attribute.Type} has {attribute.Value.Length} bytes where an address is.");

    private static string ReadKind(NetlinkAttributes info)
    {
        while (info.TryNext(out var a))
            if (a.Type == IFLA_INFO_KIND) return a.Text;
        return "";
    }

    private static IpFamily? FamilyOf(byte number) => number switch
    {
        AF_INET => IpFamily.V4,
        AF_INET6 => IpFamily.V6,
        _ => null,
    };

    // Dumps parse into classes, so that null can mean "skip".
    internal sealed record AddressEntry(InterfaceAddress Value);

    internal sealed record NeighbourEntry(PermanentNeighbour Value);

    internal sealed record RuleEntry(RoutingRule Value);
}
