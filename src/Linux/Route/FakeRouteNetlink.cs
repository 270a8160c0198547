using Margay.Foundation.Primitives;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Route;

/// <summary>
/// The kernel's links, addresses, routes and neighbours in memory, with the rules that matter to callers: unknown
/// interfaces, taken names, routes that exist, routes that vanish with their interface. The other end of a pair lives in
/// the same fake, whatever namespace was asked for.
/// </summary>
public sealed class FakeRouteNetlink : IRouteNetlink
{
    private readonly SortedDictionary<int, Link> _links = new() { [1] = new Link { Index = 1, Name = "lo", IsUp = true, Mtu = 65536 } };
    private readonly HashSet<InterfaceAddress> _addresses = [];
    private readonly Dictionary<(int, IpAddr), MacAddress> _neighbours = [];
    private readonly List<KernelRoute> _routes = [];
    private readonly List<RouteOperation> _done = [];
    private int _lastIndex = 1;

    /// <summary>Every operation that succeeded, in order: what tests count as writes.</summary>
    public IReadOnlyList<RouteOperation> Done => _done;

    /// <summary>Makes the kernel refuse operations: an error number, or 0.</summary>
    public Func<RouteOperation, int>? Refuse { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<Link> ListLinks() => [.. _links.Values];

    /// <inheritdoc/>
    public Link? FindLink(string name) => _links.Values.FirstOrDefault(l => l.Name == name);

    /// <inheritdoc/>
    public Link? FindLink(int index) => _links.GetValueOrDefault(index);

    /// <inheritdoc/>
    public IReadOnlyList<InterfaceAddress> ListAddresses(int link = 0) => [.. _addresses.Where(a => link == 0 || a.Interface == link)];

    /// <inheritdoc/>
    public IReadOnlyList<KernelRoute> ListRoutes(IpFamily family, uint table = KernelRoute.MainTable, byte protocol = 0) =>
        [.. _routes.Where(r => r.Destination.Family == family && r.Table == table && (protocol == 0 || r.Protocol == protocol))];

    /// <inheritdoc/>
    public IReadOnlyList<PermanentNeighbour> ListNeighbours(int link = 0) =>
        [.. _neighbours.Where(n => link == 0 || n.Key.Item1 == link).Select(n => new PermanentNeighbour(n.Key.Item1, n.Key.Item2, n.Value))];

    /// <inheritdoc/>
    public IReadOnlyList<RoutingRule> ListRules(IpFamily family) => [new RoutingRule(family, 32766, KernelRoute.MainTable, 0, 0)];

    /// <inheritdoc/>
    public IReadOnlyList<RefusedOperation> TryRun(IReadOnlyList<RouteOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var refused = new List<RefusedOperation>();
        foreach (var operation in operations)
        {
            int errno = Refuse?.Invoke(operation) ?? 0;
            if (errno == 0) errno = Do(operation);
            if (errno == 0) _done.Add(operation);
            else refused.Add(new RefusedOperation(operation, new LinuxException(errno, RouteRequestWriter.Describe(operation))));
        }
        return refused;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    private int Do(RouteOperation operation) => operation switch
    {
        CreateVeth o => Create(o.Pair),
        ChangeLink o => Change(o.Index, o.Change),
        DeleteLink o => Delete([.. _links.Values.Where(l => l.Index == o.Index)]),
        DeleteLinkGroup o => Delete([.. _links.Values.Where(l => l.Group == o.Group)]),
        SetAddress o => WithLink(o.Address.Interface, _ => _addresses.Add(o.Address)),
        RemoveAddress o => _addresses.Remove(o.Address) ? 0 : Errno.EADDRNOTAVAIL,
        AddRoute o => Add(o.Route, replace: false),
        ReplaceRoute o => Add(o.Route, replace: true),
        DeleteRoute o => _routes.RemoveAll(r => SameSlot(r, Stored(o.Route)) && r.Type == o.Route.Type && (o.Route.Protocol == 0 || r.Protocol == o.Route.Protocol)) > 0 ? 0 : Errno.ESRCH,
        SetNeighbour o => WithLink(o.Neighbour.Interface, _ => _neighbours[(o.Neighbour.Interface, o.Neighbour.Address)] = o.Neighbour.Mac),
        RemoveNeighbour o => _neighbours.Remove((o.Interface, o.Address)) ? 0 : Errno.ENOENT,
        _ => Errno.EOPNOTSUPP,
    };

    private int Create(VethPair pair)
    {
        if (FindLink(pair.Name) is not null || FindLink(pair.PeerName) is not null || pair.Name == pair.PeerName) return Errno.EEXIST;
        int own = ++_lastIndex, other = ++_lastIndex;
        int mtu = pair.Mtu == 0 ? 1500 : pair.Mtu;
        _links[own] = new Link { Index = own, Name = pair.Name, Kind = "veth", Peer = other, Mtu = mtu, Address = pair.Address ?? new MacAddress(0x020000000000ul + (uint)own) };
        _links[other] = new Link { Index = other, Name = pair.PeerName, Kind = "veth", Peer = own, Mtu = mtu, Address = pair.PeerAddress ?? new MacAddress(0x020000000000ul + (uint)other) };
        return 0;
    }

    private int Change(int index, LinkChange change) => WithLink(index, link =>
    {
        _links[index] = link with
        {
            IsUp = change.Up ?? link.IsUp,
            Name = change.Name ?? link.Name,
            Alias = change.Alias ?? link.Alias,
            Mtu = change.Mtu ?? link.Mtu,
            Address = change.Address ?? link.Address,
            Group = change.Group ?? link.Group,
        };
        if (change.Up == false) _routes.RemoveAll(r => r.Interface == index);
    });

    private int Delete(List<Link> links)
    {
        if (links.Count == 0) return Errno.ENODEV;
        foreach (int index in links.SelectMany(l => new[] { l.Index, l.Peer }))
        {
            _links.Remove(index);
            _addresses.RemoveWhere(a => a.Interface == index);
            _routes.RemoveAll(r => r.Interface == index && index != 0);
            foreach (var key in _neighbours.Keys.Where(k => k.Item1 == index).ToList()) _neighbours.Remove(key);
        }
        return 0;
    }

    private int Add(KernelRoute route, bool replace)
    {
        if (route.Interface != 0 && FindLink(route.Interface) is not { IsUp: true }) return FindLink(route.Interface) is null ? Errno.ENODEV : Errno.ENETDOWN;
        var stored = Stored(route);
        int at = _routes.FindIndex(r => SameSlot(r, stored));
        if (at >= 0 && !replace) return Errno.EEXIST;
        if (at >= 0) _routes[at] = stored;
        else _routes.Add(stored);
        return 0;
    }

    private int WithLink(int index, Action<Link> action)
    {
        if (FindLink(index) is not { } link) return Errno.ENODEV;
        action(link);
        return 0;
    }

    private static bool SameSlot(KernelRoute a, KernelRoute b) => a.Destination == b.Destination && a.Table == b.Table && a.Metric == b.Metric;

    // What the kernel makes of a route: IPv6 has no metric 0 and no scopes.
    private static KernelRoute Stored(KernelRoute route) => route.Destination.Family == IpFamily.V4
        ? route
        : route with { Metric = route.Metric == 0 ? KernelRoute.DefaultIpv6Metric : route.Metric, Scope = RouteScope.Universe };
}
