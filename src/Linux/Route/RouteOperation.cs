using Margay.Foundation.Primitives;

namespace Margay.Linux.Route;

/// <summary>One change to links, addresses, routes or neighbours.</summary>
public abstract record RouteOperation;

/// <summary>Makes a pair. EEXIST when one of the names is taken.</summary>
public sealed record CreateVeth(VethPair Pair) : RouteOperation;

/// <summary>Changes an interface. ENODEV when there is none.</summary>
/// <param name="Index">The interface.</param>
/// <param name="Change">What.</param>
public sealed record ChangeLink(int Index, LinkChange Change) : RouteOperation;

/// <summary>Deletes an interface, and with it the other end of a pair, addresses and routes.</summary>
public sealed record DeleteLink(int Index) : RouteOperation;

/// <summary>
/// Deletes every interface of a group at once, so that they share the kernel's grace periods. ENODEV when there is none.
/// </summary>
public sealed record DeleteLinkGroup(uint Group) : RouteOperation;

/// <summary>Adds an address, or does nothing when it is there. IPv6 addresses skip duplicate detection: who assigns them knows.</summary>
public sealed record SetAddress(InterfaceAddress Address) : RouteOperation;

/// <summary>Removes an address. EADDRNOTAVAIL when it is not there.</summary>
public sealed record RemoveAddress(InterfaceAddress Address) : RouteOperation;

/// <summary>Adds a route. EEXIST when the table has one to the same destination with the same metric, whoever made it.</summary>
public sealed record AddRoute(KernelRoute Route) : RouteOperation;

/// <summary>Adds a route, in place of one to the same destination with the same metric, whoever made it.</summary>
public sealed record ReplaceRoute(KernelRoute Route) : RouteOperation;

/// <summary>Removes the route with this destination, table, metric, type and protocol. ESRCH when there is none.</summary>
public sealed record DeleteRoute(KernelRoute Route) : RouteOperation;

/// <summary>Adds or changes a permanent neighbour entry.</summary>
public sealed record SetNeighbour(PermanentNeighbour Neighbour) : RouteOperation;

/// <summary>Removes a neighbour entry. ENOENT when there is none.</summary>
public sealed record RemoveNeighbour(int Interface, IpAddr Address) : RouteOperation;

/// <summary>An operation that the kernel refused.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Cause">Why.</param>
public readonly record struct RefusedOperation(RouteOperation Operation, Syscalls.LinuxException Cause);
