using Margay.Cni.Protocol;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;
using Margay.Node.Cluster;

namespace Margay.Node.Cni;

/// <summary>Joins CNI calls to IPAM: which families the configuration asks for, and refusals as CNI errors.</summary>
internal sealed class CniAddresses(IpamClient ipam, PodAddresses pods, ClusterCache cluster, string nodeName)
{
    private const string DefaultNetwork = "k8s-pod-network";

    /// <summary>The name under which IPAM holds the addresses of a container.</summary>
    public static string HandleOf(CniCall call) => AddressRequest.OfContainer(NetworkOf(call), call.ContainerId);

    /// <summary>The addresses of the call's container; the same ones when it is repeated.</summary>
    /// <returns>The addresses, or what is wrong.</returns>
    /// <param name="call">The call.</param>
    /// <param name="pod">Its pod.</param>
    /// <param name="first">True when nobody has asked for this container's addresses before.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task<(IReadOnlyList<IpAddr> Addresses, CniError? Error)> AssignAsync(CniCall call, Pod pod, bool first, CancellationToken stop)
    {
        // A node that is not registered has no labels: pools that select nodes by label do not serve it.
        var node = cluster.Node ?? new Model.Resources.Node { Metadata = { Name = nodeName } };
        var answer = await pods.AssignAsync(
            NetworkOf(call), call.ContainerId, pod, cluster.Namespace(call.Pod!.Namespace), node,
            Defaults(call.Config.Ipam), first, stop);
        return answer switch
        {
            Assigned { Addresses.Count: > 0 } assigned => ([.. assigned.Addresses.Select(a => a.Address)], null),
            Refused { Kind: RefusalKind.Contended } refused => ([], new CniError(CniErrorCode.TryAgainLater, "No address could be taken just now.", refused.Message)),
            Refused refused => ([], new CniError(CniErrorCode.NoAddress, "There is no address for the pod.", refused.Message)),
            _ => ([], new CniError(CniErrorCode.NoAddress, "The pod asks for no address.", $"Let assign_ipv4 or assign_ipv6 be \"true\", or mend {AddressAnnotations.IpFamilies}.")),
        };
    }

    /// <summary>Gives the addresses of a handle back; none is fine.</summary>
    public ValueTask<IReadOnlyList<IpAddr>> ReleaseAsync(string handle, CancellationToken stop) => ipam.ReleaseHandleAsync(handle, nodeName, stop);

    private static string NetworkOf(CniCall call) => call.Config.Name is { Length: > 0 } name ? name : DefaultNetwork;

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
