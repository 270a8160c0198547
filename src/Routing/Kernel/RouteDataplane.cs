using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;

namespace Margay.Routing.Kernel;

/// <summary>
/// Programs the routes of the contract into the kernel's table. Ours are those with our protocol number; others are never
/// changed, not even one that stands where ours should be: that one stays pending. A route to a pod whose interface does
/// not exist, or is down, waits without a complaint until the interface is there. Before <see cref="InSync"/> nothing that
/// was found is removed.
/// </summary>
public sealed class RouteDataplane : IDataplane, IDisposable
{
    private readonly IRouteNetlink _netlink;
    private readonly RouteOptions _options;
    private readonly ActualRoutes _actual;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<IpPrefix, RouteUpdate> _desired = [];
    private readonly HashSet<IpPrefix> _pending = [];
    private readonly HashSet<IpPrefix> _waiting = [];
    private readonly HashSet<IpPrefix> _blocked = [];
    private readonly HashSet<string> _workloadInterfaces = new(StringComparer.Ordinal);
    private bool _inSync;

    /// <summary>Programs one namespace.</summary>
    public RouteDataplane(IRouteNetlink netlink, RouteOptions options)
    {
        _netlink = netlink;
        _options = options;
        _actual = new ActualRoutes(netlink, options);
    }

    /// <summary>Routes that wait for their interface.</summary>
    public int Waiting => _waiting.Count;

    /// <inheritdoc/>
    /// <exception cref="RoutesPendingException">Some were refused.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<DataplaneUpdate> updates, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(updates);
        await _turn.WaitAsync(stop);
        try
        {
            foreach (var update in updates) Accept(update);
            Program();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="RoutesPendingException">Some were refused.</exception>
    public async ValueTask ResyncAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            _actual.Forget();
            Program();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hears what happened in the kernel, and repairs what it did to our routes.</summary>
    /// <returns>How many routes somebody else removed.</returns>
    /// <exception cref="RoutesPendingException">Some were refused.</exception>
    public async ValueTask<int> HandleAsync(IEnumerable<RouteEvent> events, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(events);
        await _turn.WaitAsync(stop);
        try
        {
            int stolen = 0;
            foreach (var happened in events) stolen += Accept(happened) ? 1 : 0;
            Program();
            return stolen;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Accept(DataplaneUpdate update)
    {
        switch (update)
        {
            case RouteUpdate route:
                _desired[route.Prefix] = route;
                if (route.Kind == RouteKind.LocalWorkload) _workloadInterfaces.Add(route.Interface);
                _pending.Add(route.Prefix);
                break;
            case RouteRemove gone:
                _desired.Remove(gone.Prefix);
                _pending.Add(gone.Prefix);
                break;
            case InSync:
                _inSync = true;
                _pending.UnionWith(_actual.Prefixes);
                break;
        }
    }

    private bool Accept(RouteEvent happened)
    {
        switch (happened)
        {
            case LinkGone { Link: var link }:
                Lose(link);
                _workloadInterfaces.Remove(link.Name);
                return false;
            case LinkChanged { Link: { IsUp: false } link }:
                Lose(link);
                return false;
            case LinkChanged e:
                _pending.UnionWith(_waiting.Where(p => _desired.TryGetValue(p, out var route) && route.Interface == e.Link.Name));
                return false;
            case RouteGone { Route: var route } when IsOurs(route) && _desired.ContainsKey(route.Destination) && _actual[route.Destination] is not null:
                // Whether this is news or the echo of something that we have repaired already: the kernel knows.
                _actual.Forget();
                return true;
            case EventsLost:
                _actual.Forget();
                return false;
            default:
                return false;
        }
    }

    // Which routes went with it we know for pods. Behind any other interface may have been gateways: the kernel knows.
    private void Lose(Link link)
    {
        _pending.UnionWith(_actual.RemoveOf(link.Index));
        if (_actual.HasGateways && !_workloadInterfaces.Contains(link.Name)) _actual.Forget();
    }

    private bool IsOurs(KernelRoute route) => route.Protocol == _options.Protocol && route.Table == _options.Table;

    private void Program()
    {
        var failures = ProgramOnce();
        // What is there already may be ours: news of an interface that was down come late, when its route has been made. The kernel has
        // been asked to be read, and then what stands there is kept or replaced; what is foreign is refused again.
        if (failures.Count > 0 && !_actual.IsKnown) failures = ProgramOnce();
        if (failures.Count > 0) throw new RoutesPendingException(failures);
    }

    private List<PendingRoute> ProgramOnce()
    {
        if (!_actual.IsKnown)
        {
            _actual.Read();
            _pending.UnionWith(_desired.Keys);
            if (_inSync) _pending.UnionWith(_actual.Prefixes);
        }
        var operations = new List<RouteOperation>();
        if (_inSync) operations.AddRange(_actual.Surplus.Select(r => new DeleteRoute(r)));
        foreach (var prefix in _pending)
            if (Plan(prefix) is { } operation) operations.Add(operation);
        if (operations.Count == 0)
        {
            _pending.Clear();
            return [];
        }
        // Each operation concluded is out of it, or in it again.
        var tried = new List<IpPrefix>(_pending);
        _pending.Clear();
        try
        {
            return Run(operations);
        }
        catch (LinuxException)
        {
            // The kernel could not be asked, or what it did of them is not known.
            _pending.UnionWith(tried);
            _actual.Forget();
            throw;
        }
    }

    private RouteOperation? Plan(IpPrefix prefix)
    {
        _waiting.Remove(prefix);
        var actual = _actual[prefix];
        if (!_desired.TryGetValue(prefix, out var route)) return actual is null ? null : new DeleteRoute(actual);
        int link = 0;
        if (route.Kind == RouteKind.LocalWorkload)
        {
            if (_netlink.FindLink(route.Interface) is not { IsUp: true } found)
            {
                _waiting.Add(prefix);
                // Until then a route to an interface that the pod does not have any more is worse than none.
                return actual is null ? null : new DeleteRoute(actual);
            }
            link = found.Index;
        }
        var wanted = KernelRoutes.From(route, link, _options);
        if (actual is null) return new AddRoute(wanted);
        return KernelRoutes.Same(wanted, actual) ? null : new ReplaceRoute(wanted);
    }

    private List<PendingRoute> Run(List<RouteOperation> operations)
    {
        // In order, as they were sent: two operations may be equal.
        var refused = new Queue<RefusedOperation>(_netlink.TryRun(operations));
        var failures = new List<PendingRoute>();
        foreach (var operation in operations)
        {
            var cause = refused.TryPeek(out var next) && ReferenceEquals(next.Operation, operation) ? refused.Dequeue().Cause : null;
            if (Conclude(operation, RouteOf(operation), cause) is { } failure) failures.Add(failure);
        }
        return failures;
    }

    private PendingRoute? Conclude(RouteOperation operation, KernelRoute route, LinuxException? cause)
    {
        if (cause is null || (operation is DeleteRoute && cause.Errno == Errno.ESRCH))
        {
            if (operation is DeleteRoute) _actual.Remove(route);
            else _actual.Set(route);
            _blocked.Remove(route.Destination);
            return null;
        }
        if (cause.Errno is Errno.ENODEV or Errno.ENETDOWN && operation is not DeleteRoute && route.Interface != 0)
        {
            // The interface went between the look and the write.
            _waiting.Add(route.Destination);
            _actual.Forget();
            return null;
        }
        _pending.Add(route.Destination);
        // A route of ours that we have lost sight of, or a foreign one: reading the kernel once tells.
        if (cause.Errno == Errno.EEXIST && _blocked.Add(route.Destination)) _actual.Forget();
        return new PendingRoute(route.Destination, cause);
    }

    private static KernelRoute RouteOf(RouteOperation operation) => operation switch
    {
        AddRoute o => o.Route,
        ReplaceRoute o => o.Route,
        DeleteRoute o => o.Route,
        _ => throw new ArgumentException($"{operation.GetType().Name} is about no route.", nameof(operation)),
    };
}
