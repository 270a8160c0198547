using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;

namespace Margay.Cni.Wiring;

/// <summary>The pod's side of a pair. Runs on a thread that is in the pod's namespace.</summary>
internal static class PodSide
{
    // Routes inside a pod are found by people who look, and by nobody else.
    private const byte Protocol = 80;

    // LOOPBACK_IFINDEX of include/net/flow.h: the first interface of every namespace.
    private const int Loopback = 1;

    /// <summary>Makes the interface what the request says; what is there already stays.</summary>
    internal static Link Program(IRouteNetlink netlink, PodWiringRequest request, bool isNew)
    {
        var link = netlink.FindLink(request.Mark.IfName) ?? throw new PodWiringException($"{request.Mark.IfName} has disappeared from {request.NetNs}.");
        if (request.Families.Contains(IpFamily.V6)) EnableIpv6(link.Name);
        var operations = new List<RouteOperation>();
        operations.Add(new ChangeLink(Loopback, new LinkChange { Up = true }));
        operations.Add(new ChangeLink(link.Index, new LinkChange { Up = true, Mtu = isNew || request.Mtu == 0 ? null : request.Mtu, Address = isNew ? null : request.Mac }));
        if (!isNew) operations.AddRange(Surplus(netlink, link, request).Select(a => new RemoveAddress(a)));
        foreach (var address in request.Addresses)
            operations.Add(new SetAddress(new InterfaceAddress(link.Index, address, (byte)address.Bits)));
        foreach (var family in request.Families)
        {
            operations.Add(new SetNeighbour(new PermanentNeighbour(link.Index, PodGateway.For(family), PodGateway.HostMac)));
            operations.AddRange(Routes(link.Index, family).Select(r => new ReplaceRoute(r)));
        }
        netlink.Run(operations);
        return isNew || request.Mac is null ? link : link with { Address = request.Mac.Value };
    }

    /// <summary>What is not as <see cref="Program"/> leaves it, one sentence each.</summary>
    internal static IEnumerable<string> Differences(IRouteNetlink netlink, PodWiringRequest request)
    {
        if (netlink.FindLink(request.Mark.IfName) is not { } link)
        {
            yield return $"{request.Mark.IfName} is missing in the pod.";
            yield break;
        }
        if (!link.IsUp) yield return $"{link.Name} is down in the pod.";
        var addresses = netlink.ListAddresses(link.Index);
        foreach (var address in request.Addresses)
            if (!addresses.Any(a => a.Address == address)) yield return $"{link.Name} has no address {address}.";
        var neighbours = netlink.ListNeighbours(link.Index);
        foreach (var family in request.Families)
        {
            if (!neighbours.Contains(new PermanentNeighbour(link.Index, PodGateway.For(family), PodGateway.HostMac)))
                yield return $"The pod has no neighbour entry for its gateway {PodGateway.For(family)}.";
            var routes = netlink.ListRoutes(family);
            foreach (var wanted in Routes(link.Index, family))
                if (!routes.Any(r => r.Destination == wanted.Destination && r.Interface == link.Index && r.Gateway == wanted.Gateway))
                    yield return $"The pod has no route to {wanted.Destination}.";
        }
    }

    private static IEnumerable<KernelRoute> Routes(int link, IpFamily family)
    {
        var gateway = PodGateway.For(family);
        // IPv6 has a route to link-local addresses already.
        if (family == IpFamily.V4)
            yield return new KernelRoute { Destination = gateway.ToPrefix(), Interface = link, Scope = RouteScope.Link, Protocol = Protocol };
        yield return new KernelRoute { Destination = new IpPrefix(IpAddr.FromValue(0, family), 0), Interface = link, Gateway = gateway, Protocol = Protocol };
    }

    // Another ADD for the same container may come with other addresses: the old ones have been given back.
    private static IEnumerable<InterfaceAddress> Surplus(IRouteNetlink netlink, Link link, PodWiringRequest request) =>
        netlink.ListAddresses(link.Index).Where(a => a.PrefixLength == a.Address.Bits && !request.Addresses.Contains(a.Address));

    private static void EnableIpv6(string name)
    {
        Sysctl.Set("ipv6/conf/lo/disable_ipv6", "0");
        Sysctl.Set($"ipv6/conf/{name}/disable_ipv6", "0");
    }
}
