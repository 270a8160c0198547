using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Routing.Kernel;

/// <summary>What a record of the contract is as a route of the kernel, and whether a route of the kernel is that.</summary>
internal static class KernelRoutes
{
    /// <summary>Renders a record.</summary>
    /// <param name="route">The record.</param>
    /// <param name="link">The index of a local pod's interface; 0 for the others.</param>
    /// <param name="options">Protocol and table.</param>
    internal static KernelRoute From(RouteUpdate route, int link, RouteOptions options)
    {
        bool v4 = route.Prefix.Family == IpFamily.V4;
        var rendered = new KernelRoute
        {
            Destination = route.Prefix,
            Protocol = options.Protocol,
            Table = options.Table,
            Metric = MetricOf(route.Prefix.Family),
        };
        return route.Kind switch
        {
            RouteKind.LocalWorkload => rendered with { Interface = link, Scope = v4 ? RouteScope.Link : RouteScope.Universe },
            RouteKind.RemoteNode => rendered with { Gateway = route.Gateway ?? throw new ArgumentException($"The route to {route.Prefix} has no gateway.", nameof(route)) },
            RouteKind.LocalBlock => rendered with { Type = RouteType.Unreachable },
            _ => throw new ArgumentException($"No rendering for {route.Kind}.", nameof(route)),
        };
    }

    /// <summary>The metric of our routes: the one that a route gets which asks for none.</summary>
    internal static uint MetricOf(IpFamily family) => family == IpFamily.V4 ? 0 : KernelRoute.DefaultIpv6Metric;

    /// <summary>Whether the kernel's route does what the wanted one says. The kernel adds the interface to a gateway, and lo to an unreachable IPv6 route.</summary>
    internal static bool Same(KernelRoute wanted, KernelRoute actual) =>
        wanted.Type == actual.Type && wanted.Gateway == actual.Gateway && wanted.Metric == actual.Metric
        && (wanted.Interface == 0 || wanted.Interface == actual.Interface)
        && (wanted.Destination.Family == IpFamily.V6 || wanted.Type != RouteType.Unicast || wanted.Scope == actual.Scope);
}
