using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Routing.Kernel;

/// <summary>The routes of ours that the kernel holds, as we last read or wrote them.</summary>
internal sealed class ActualRoutes(IRouteNetlink netlink, RouteOptions options)
{
    private readonly Dictionary<IpPrefix, KernelRoute> _routes = [];
    private readonly List<KernelRoute> _surplus = [];

    /// <summary>False when the kernel must be read before it is written.</summary>
    internal bool IsKnown { get; private set; }

    internal IEnumerable<IpPrefix> Prefixes => _routes.Keys;

    /// <summary>Routes with our mark and a metric that we never use.</summary>
    internal IReadOnlyList<KernelRoute> Surplus => _surplus;

    internal bool HasGateways => _routes.Values.Any(r => r.Gateway is not null);

    internal KernelRoute? this[IpPrefix prefix] => _routes.GetValueOrDefault(prefix);

    internal void Read()
    {
        _routes.Clear();
        _surplus.Clear();
        foreach (var family in new[] { IpFamily.V4, IpFamily.V6 })
        {
            foreach (var route in netlink.ListRoutes(family, options.Table, options.Protocol))
            {
                if (route.Metric == KernelRoutes.MetricOf(family)) _routes[route.Destination] = route;
                else _surplus.Add(route);
            }
        }
        IsKnown = true;
    }

    internal void Forget() => IsKnown = false;

    internal void Set(KernelRoute route) => _routes[route.Destination] = route;

    internal void Remove(KernelRoute route)
    {
        if (!_surplus.Remove(route)) _routes.Remove(route.Destination);
    }

    /// <summary>The kernel drops routes with their interface, those of IPv4 without a word.</summary>
    internal List<IpPrefix> RemoveOf(int link)
    {
        var gone = _routes.Where(r => r.Value.Interface == link).Select(r => r.Key).ToList();
        foreach (var prefix in gone) _routes.Remove(prefix);
        return gone;
    }
}
