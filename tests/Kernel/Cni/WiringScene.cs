using Margay.Cni.Wiring;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Kernel.Tests.Cni;

/// <summary>A node and two pods, each a namespace; the node forwards.</summary>
internal sealed class WiringScene : IDisposable
{
    public WiringScene()
    {
        NetworkNamespace.Run(Node.Path, () =>
        {
            Sysctl.Write("ipv4/ip_forward", "1");
            Sysctl.Write("ipv6/conf/all/forwarding", "1");
        });
        Netlink = RouteNetlink.OpenIn(Node.Path);
        Wiring = NewWiring();
    }

    public TestNamespace Node { get; } = new("node");

    public TestNamespace PodA { get; } = new("a");

    public TestNamespace PodB { get; } = new("b");

    public RouteNetlink Netlink { get; }

    public PodWiring Wiring { get; }

    public PodWiring NewWiring() => new(NullLogger<PodWiring>.Instance, Node.Path);

    public static PodWiringRequest Request(TestNamespace pod, string container, string hostInterface, params string[] addresses) => new()
    {
        Mark = new AttachmentMark(container, "eth0"),
        NetNs = pod.Path,
        HostInterface = hostInterface,
        Addresses = [.. addresses.Select(IpAddr.Parse)],
        Mtu = 1440,
    };

    /// <summary>Routes to the pod, as the data plane makes them.</summary>
    public void RouteTo(PodWiringRequest request, PodWiringResult wired) => Netlink.Run([.. request.Addresses.Select(a => new ReplaceRoute(new KernelRoute
    {
        Destination = a.ToPrefix(), Interface = wired.HostIndex, Scope = a.Family == IpFamily.V4 ? RouteScope.Link : RouteScope.Universe, Protocol = 80,
    }))]);

    public async Task<PodWiringResult> AddAsync(PodWiringRequest request, CancellationToken stop)
    {
        var wired = await Wiring.AddAsync(request, stop);
        RouteTo(request, wired);
        return wired;
    }

    public void Dispose()
    {
        Wiring.Dispose();
        Netlink.Dispose();
        PodA.Dispose();
        PodB.Dispose();
        Node.Dispose();
    }
}
