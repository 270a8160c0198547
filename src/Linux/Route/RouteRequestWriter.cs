using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using static Margay.Linux.Netlink.NetlinkProtocol;
using static Margay.Linux.Route.Rtnetlink;

namespace Margay.Linux.Route;

/// <summary>Renders operations as rtnetlink messages.</summary>
internal static class RouteRequestWriter
{
    internal static void Write(NetlinkWriter to, RouteOperation operation)
    {
        switch (operation)
        {
            case CreateVeth o: LinkRequestWriter.WriteVeth(to, o.Pair); break;
            case ChangeLink o: LinkRequestWriter.WriteChange(to, o.Index, o.Change); break;
            case DeleteLink o: LinkRequestWriter.WriteDelete(to, o.Index, group: null); break;
            case DeleteLinkGroup o: LinkRequestWriter.WriteDelete(to, 0, o.Group); break;
            case SetAddress o: WriteAddress(to, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, o.Address); break;
            case RemoveAddress o: WriteAddress(to, RTM_DELADDR, 0, o.Address); break;
            case AddRoute o: WriteRoute(to, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, o.Route); break;
            case ReplaceRoute o: WriteRoute(to, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, o.Route); break;
            case DeleteRoute o: WriteRoute(to, RTM_DELROUTE, 0, o.Route); break;
            case SetNeighbour o: WriteNeighbour(to, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, o.Neighbour.Interface, o.Neighbour.Address, o.Neighbour.Mac); break;
            case RemoveNeighbour o: WriteNeighbour(to, RTM_DELNEIGH, 0, o.Interface, o.Address, null); break;
            default: throw new ArgumentException($"No rendering for {operation.GetType().Name}.", nameof(operation));
        }
    }

    /// <summary>What is attempted, for exceptions.</summary>
    internal static string Describe(RouteOperation operation) => operation switch
    {
        CreateVeth o => $"create veth pair {o.Pair.Name}, {o.Pair.PeerName}",
        ChangeLink o => $"change link {o.Index}",
        DeleteLink o => $"delete link {o.Index}",
        DeleteLinkGroup o => $"delete links of group {o.Group}",
        SetAddress o => $"add address {o.Address.Address}/{o.Address.PrefixLength} to link {o.Address.Interface}",
        RemoveAddress o => $"remove address {o.Address.Address}/{o.Address.PrefixLength} from link {o.Address.Interface}",
        AddRoute o => $"add route {Describe(o.Route)}",
        ReplaceRoute o => $"set route {Describe(o.Route)}",
        DeleteRoute o => $"delete route {Describe(o.Route)}",
        SetNeighbour o => $"set neighbour {o.Neighbour.Address} on link {o.Neighbour.Interface}",
        RemoveNeighbour o => $"remove neighbour {o.Address} from link {o.Interface}",
        _ => operation.ToString(),
    };

    internal static byte FamilyNumber(IpFamily family) => family switch
    {
        IpFamily.V4 => AF_INET,
        IpFamily.V6 => AF_INET6,
        _ => AF_UNSPEC,
    };

    private static string Describe(KernelRoute route) =>
        $"{route.Destination}{(route.Gateway is { } gateway ? $" via {gateway}" : "")}{(route.Interface != 0 ? $" on link {route.Interface}" : "")} ({route.Type}, table {route.Table})";

    private static void WriteAddress(NetlinkWriter to, ushort type, int flags, InterfaceAddress address)
    {
        to.BeginMessage(type, (ushort)(flags | NLM_F_ACK));
        to.Header(new AddressHeader { Family = FamilyNumber(address.Address.Family), PrefixLength = address.PrefixLength, Index = address.Interface });
        WriteIp(to, IFA_LOCAL, address.Address);
        WriteIp(to, IFA_ADDRESS, address.Address);
        if (address.Address.Family == IpFamily.V6 && type == RTM_NEWADDR) to.U32(IFA_FLAGS, IFA_F_NODAD);
        to.EndMessage();
    }

    private static void WriteRoute(NetlinkWriter to, ushort type, int flags, KernelRoute route)
    {
        to.BeginMessage(type, (ushort)(flags | NLM_F_ACK));
        to.Header(new RouteHeader
        {
            Family = FamilyNumber(route.Destination.Family),
            DestinationLength = route.Destination.Length,
            Table = route.Table < 256 ? (byte)route.Table : (byte)0,
            Protocol = route.Protocol,
            Scope = (byte)route.Scope,
            Type = (byte)route.Type,
            Flags = route.OnLink ? RTNH_F_ONLINK : 0,
        });
        if (route.Destination.Length > 0) WriteIp(to, RTA_DST, route.Destination.Address);
        if (route.Interface != 0) to.U32(RTA_OIF, (uint)route.Interface);
        if (route.Gateway is { } gateway) WriteIp(to, RTA_GATEWAY, gateway);
        if (route.Source is { } source) WriteIp(to, RTA_PREFSRC, source);
        if (route.Metric != 0) to.U32(RTA_PRIORITY, route.Metric);
        if (route.Table >= 256) to.U32(RTA_TABLE, route.Table);
        to.EndMessage();
    }

    private static void WriteNeighbour(NetlinkWriter to, ushort type, int flags, int link, IpAddr address, MacAddress? mac)
    {
        to.BeginMessage(type, (ushort)(flags | NLM_F_ACK));
        to.Header(new NeighbourHeader { Family = FamilyNumber(address.Family), Index = link, State = mac is null ? (ushort)0 : NUD_PERMANENT });
        WriteIp(to, NDA_DST, address);
        if (mac is { } hardware) hardware.WriteBytes(to.ReserveAttribute(NDA_LLADDR, MacAddress.Size));
        to.EndMessage();
    }

    private static void WriteIp(NetlinkWriter to, ushort type, IpAddr address) => address.WriteBytes(to.ReserveAttribute(type, address.ByteCount));
}
