using Margay.Foundation.Primitives;
using Margay.Linux.Syscalls;

namespace Margay.Routing.Kernel;

/// <summary>A route that the kernel does not take for now.</summary>
/// <param name="Prefix">Where it leads.</param>
/// <param name="Cause">Why not.</param>
public readonly record struct PendingRoute(IpPrefix Prefix, LinuxException Cause);

/// <summary>
/// The kernel refused routes. They stay pending and are tried again by the next call; everything else has been done.
/// </summary>
public sealed class RoutesPendingException(IReadOnlyList<PendingRoute> routes)
    : Exception($"{routes.Count} route(s) could not be programmed, first {routes[0].Prefix}: {routes[0].Cause.Message}", routes[0].Cause)
{
    /// <summary>The routes; never empty.</summary>
    public IReadOnlyList<PendingRoute> Routes { get; } = routes;
}
