using Margay.Foundation.Primitives;

namespace Margay.Linux.Route;

/// <summary>
/// Links, addresses, routes and neighbours of one network namespace. Calls are short and do not wait, except for the
/// deletion of links, which takes the kernel's grace period (15 to 20 ms). Thread-safe.
/// </summary>
public interface IRouteNetlink : IDisposable
{
    /// <summary>Every interface.</summary>
    IReadOnlyList<Link> ListLinks();

    /// <summary>One interface, or null.</summary>
    Link? FindLink(string name);

    /// <summary>One interface, or null.</summary>
    Link? FindLink(int index);

    /// <summary>Addresses of both families.</summary>
    /// <param name="link">Of this interface; 0: of every one.</param>
    IReadOnlyList<InterfaceAddress> ListAddresses(int link = 0);

    /// <summary>Routes of a family.</summary>
    /// <param name="family">The family.</param>
    /// <param name="table">The table.</param>
    /// <param name="protocol">Who made them; 0: anybody.</param>
    IReadOnlyList<KernelRoute> ListRoutes(IpFamily family, uint table = KernelRoute.MainTable, byte protocol = 0);

    /// <summary>Permanent neighbour entries of both families.</summary>
    /// <param name="link">Of this interface; 0: of every one.</param>
    IReadOnlyList<PermanentNeighbour> ListNeighbours(int link = 0);

    /// <summary>Policy routing rules of a family.</summary>
    IReadOnlyList<RoutingRule> ListRules(IpFamily family);

    /// <summary>
    /// Does each operation in order with one system call. This is no transaction: a refused one does not keep the others
    /// from being done.
    /// </summary>
    /// <returns>What the kernel refused, in order; empty when all went well.</returns>
    IReadOnlyList<RefusedOperation> TryRun(IReadOnlyList<RouteOperation> operations);
}

/// <summary>Shorter ways to call.</summary>
public static class RouteNetlinkExtensions
{
    /// <summary>Does every operation; throws the first refusal after all have been tried.</summary>
    /// <exception cref="Syscalls.LinuxException">The first refusal.</exception>
    public static void Run(this IRouteNetlink netlink, params IReadOnlyList<RouteOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        if (netlink.TryRun(operations) is [var first, ..]) throw first.Cause;
    }
}
