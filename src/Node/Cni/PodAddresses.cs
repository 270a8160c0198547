using Margay.Cni.Protocol;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;
using Margay.Node.Cluster;

namespace Margay.Node.Cni;

/// <summary>Takes a pod's addresses from IPAM as annotations and configuration say, and gives them back.</summary>
internal sealed class PodAddresses(IpamClient ipam, ClusterCache cluster, string nodeName, TimeProvider time)
{
    /// <summary>The name under which IPAM holds the addresses of a container.</summary>
    public static string HandleOf(CniCall call) => AddressRequest.OfContainer(call.Config.Name ?? "k8s-pod-network", call.ContainerId);

    /// <summary>The addresses of the call's container; the same ones when it is repeated.</summary>
    /// <returns>The addresses, or what is wrong.</returns>
    public async Task<(IReadOnlyList<IpAddr> Addresses, CniError? Error)> AssignAsync(CniCall call, Pod pod, CancellationToken stop)
    {
        var id = call.Pod!;
        var ns = cluster.Namespace(id.Namespace);
        if (!AddressAnnotations.TryRead(
                id.ToString(), pod.Metadata.Annotations, ns?.Metadata.Annotations, Defaults(call.Config.Ipam), out var plan, out var problem))
            return ([], new CniError(CniErrorCode.NoAddress, "The pod's addresses cannot be chosen.", problem));
        var request = new AddressRequest(
            HandleOf(call), nodeName, cluster.Node?.Metadata.Labels, AddressRequest.OfPod(id.Namespace, id.Name, nodeName, time.GetUtcNow()))
        {
            CountV4 = plan.CountV4,
            CountV6 = plan.CountV6,
            PoolsV4 = plan.PoolsV4,
            PoolsV6 = plan.PoolsV6,
            NamespaceLabels = ns?.Metadata.Labels,
        };
        var answer = plan.Addresses.Count > 0
            ? await ipam.AssignAddressesAsync(request, plan.Addresses, stop)
            : await ipam.AssignAsync(request, stop);
        return answer switch
        {
            Assigned { Addresses.Count: > 0 } assigned => ([.. assigned.Addresses.Select(a => a.Address)], null),
            Refused { Kind: RefusalKind.Contended } refused => ([], new CniError(CniErrorCode.TryAgainLater, "No address could be taken just now.", refused.Message)),
            Refused refused => ([], new CniError(CniErrorCode.NoAddress, "There is no address for the pod.", refused.Message)),
            _ => ([], new CniError(CniErrorCode.NoAddress, "The pod asks for no address.", $"Let assign_ipv4 or assign_ipv6 be \"true\", or mend {AddressAnnotations.IpFamilies}.")),
        };
    }

    /// <summary>Gives the addresses of a container back; none is fine.</summary>
    public ValueTask<IReadOnlyList<IpAddr>> ReleaseAsync(string handle, CancellationToken stop) => ipam.ReleaseHandleAsync(handle, nodeName, stop);

    // Where the configuration is silent the pools speak: a family is given out when an enabled pool has it.
    private CniAddressDefaults Defaults(CniIpamConfig? config)
    {
        bool Has(IpFamily family) => cluster.Ipam.Pools.Any(pool => pool.Spec.Disabled != true && IpPrefix.TryParse(pool.Spec.Cidr, out var cidr) && cidr.Family == family);
        return new CniAddressDefaults(
            config?.AssignIpv4 is { } v4 ? v4 == "true" : Has(IpFamily.V4) || !Has(IpFamily.V6),
            config?.AssignIpv6 is { } v6 ? v6 == "true" : Has(IpFamily.V6),
            config?.Ipv4Pools,
            config?.Ipv6Pools);
    }
}
