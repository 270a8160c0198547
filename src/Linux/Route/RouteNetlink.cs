using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;
using static Margay.Linux.Netlink.NetlinkProtocol;
using static Margay.Linux.Route.Rtnetlink;

namespace Margay.Linux.Route;

/// <summary>rtnetlink of the namespace that the socket was opened in.</summary>
public sealed class RouteNetlink : IRouteNetlink
{
    // A datagram of many operations is read by the kernel at one go under one lock: bounded, so that others get their turn.
    private const int OperationsPerRequest = 256;

    private readonly NetlinkSocket _socket;

    private RouteNetlink(NetlinkSocket socket) => _socket = socket;

    /// <summary>The port of its socket, by which the kernel says in notifications whose change it was.</summary>
    public uint Port => _socket.Port;

    /// <summary>In the caller's namespace.</summary>
    public static RouteNetlink Open() => new(NetlinkSocket.Open(NETLINK_ROUTE));

    /// <summary>In the namespace at a path.</summary>
    public static RouteNetlink OpenIn(string path) => new(NetlinkSocket.OpenIn(path, NETLINK_ROUTE));

    /// <inheritdoc/>
    public IReadOnlyList<Link> ListLinks()
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETLINK, NLM_F_DUMP);
        request.Header(new LinkHeader());
        request.U32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        request.EndMessage();
        return _socket.DumpAll(request, "list links", RouteReader.ReadLink);
    }

    /// <inheritdoc/>
    public Link? FindLink(string name) => FindLink(0, name);

    /// <inheritdoc/>
    public Link? FindLink(int index) => FindLink(index, null);

    /// <inheritdoc/>
    public IReadOnlyList<InterfaceAddress> ListAddresses(int link = 0)
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETADDR, NLM_F_DUMP);
        request.Header(new AddressHeader { Index = link });
        request.EndMessage();
        return [.. _socket.DumpAll(request, "list addresses", RouteReader.ReadAddress).Select(e => e.Value).Where(a => link == 0 || a.Interface == link)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<KernelRoute> ListRoutes(IpFamily family, uint table = KernelRoute.MainTable, byte protocol = 0)
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETROUTE, NLM_F_DUMP);
        // The kernel leaves out other protocols since 4.20; older ones send all, so that we look again.
        request.Header(new RouteHeader { Family = RouteRequestWriter.FamilyNumber(family), Protocol = protocol });
        request.EndMessage();
        var all = _socket.DumpAll(request, $"list {family} routes", RouteReader.ReadRoute);
        all.RemoveAll(r => r.Destination.Family != family || r.Table != table || (protocol != 0 && r.Protocol != protocol));
        return all;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PermanentNeighbour> ListNeighbours(int link = 0)
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETNEIGH, NLM_F_DUMP);
        request.Header(new NeighbourHeader());
        request.EndMessage();
        return [.. _socket.DumpAll(request, "list neighbours", RouteReader.ReadNeighbour).Select(e => e.Value).Where(n => link == 0 || n.Interface == link)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<RoutingRule> ListRules(IpFamily family)
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETRULE, NLM_F_DUMP);
        request.Header(new RouteHeader { Family = RouteRequestWriter.FamilyNumber(family) });
        request.EndMessage();
        return [.. _socket.DumpAll(request, $"list {family} rules", RouteReader.ReadRule).Select(e => e.Value).Where(r => r.Family == family)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<RefusedOperation> TryRun(IReadOnlyList<RouteOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var refused = new List<RefusedOperation>();
        using var request = new NetlinkWriter();
        for (int start = 0; start < operations.Count; start += OperationsPerRequest)
        {
            int from = start, count = Math.Min(OperationsPerRequest, operations.Count - start);
            request.Clear();
            for (int i = from; i < from + count; i++) RouteRequestWriter.Write(request, operations[i]);
            _socket.RequestEach(request, "rtnetlink", (index, errno, detail) =>
            {
                var operation = operations[from + index];
                refused.Add(new RefusedOperation(operation, new NetlinkException(errno, RouteRequestWriter.Describe(operation), detail, index)));
            });
        }
        return refused;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private Link? FindLink(int index, string? name)
    {
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETLINK, NLM_F_ACK);
        request.Header(new LinkHeader { Index = index });
        if (name is not null) request.Text(IFLA_IFNAME, name);
        request.U32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        request.EndMessage();
        Link? found = null;
        try
        {
            _socket.Request(request, $"find link {name ?? index.ToString()}", (in NetlinkMessage message) => found ??= RouteReader.ReadLink(in message));
            return found;
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
