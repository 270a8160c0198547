using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;

namespace Margay.Cni.Wiring;

/// <summary>The host's side of a pair.</summary>
internal static class HostSide
{
    /// <summary>Settings that the kernel takes only through files; before the interface is up.</summary>
    internal static void WriteSettings(string name, bool ipv6)
    {
        // A pod must not be able to configure its node: without IPv6 the node is deaf on the interface, with it the node
        // ignores router advertisements.
        Sysctl.Set($"ipv6/conf/{name}/disable_ipv6", ipv6 ? "0" : "1");
        if (!ipv6) return;
        Sysctl.Set($"ipv6/conf/{name}/accept_ra", "0");
        Sysctl.Set($"ipv6/conf/{name}/forwarding", "1");
    }

    /// <summary>Switches the interface on, marks whose it is, tells the node where the pod's addresses are.</summary>
    internal static IEnumerable<RouteOperation> Program(Link host, Link pod, PodWiringRequest request)
    {
        yield return new ChangeLink(host.Index, new LinkChange
        {
            Alias = request.Mark.ToString(),
            Address = host.Address == PodGateway.HostMac ? null : PodGateway.HostMac,
            Mtu = request.Mtu == 0 || request.Mtu == host.Mtu ? null : request.Mtu,
            Ipv4Forwarding = true,
            // Which sources a pod may send from is policy, and checked there: a strict check here would refuse the
            // further prefixes that a pod can be allowed.
            Ipv4ReversePathFilter = 0,
            Ipv6Eui64 = request.Families.Contains(IpFamily.V6),
            Up = true,
        });
        // The first packet to a pod need not wait for ARP or neighbour discovery.
        foreach (var address in request.Addresses)
            yield return new SetNeighbour(new PermanentNeighbour(host.Index, address, pod.Address));
    }

    /// <summary>What is not as <see cref="Program"/> leaves it, one sentence each.</summary>
    internal static IEnumerable<string> Differences(Link? host, PodWiringRequest request)
    {
        if (host is null)
        {
            yield return $"The host interface {request.HostInterface} is missing.";
            yield break;
        }
        if (!host.IsUp) yield return $"The host interface {host.Name} is down.";
        if (host.Alias != request.Mark.ToString()) yield return $"The host interface {host.Name} belongs to '{host.Alias}', not to this container.";
        if (host.Address != PodGateway.HostMac) yield return $"The host interface {host.Name} has the hardware address {host.Address}.";
    }
}
