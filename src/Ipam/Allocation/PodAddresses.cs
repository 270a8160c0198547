using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// Addresses for a pod, the whole way: annotations of pod and namespace, CNI configuration, pools, blocks. What a CNI ADD
/// and DEL call. Both may be repeated; the same container gets the same addresses.
/// </summary>
public sealed class PodAddresses(IpamClient client, TimeProvider time)
{
    /// <summary>Gives a container its addresses.</summary>
    /// <param name="network">The name of the CNI network, usually "k8s-pod-network".</param>
    /// <param name="containerId">The container.</param>
    /// <param name="pod">The pod; its annotations count.</param>
    /// <param name="podNamespace">Its namespace; its annotations and labels count. Null when there is none.</param>
    /// <param name="node">This node; its labels count.</param>
    /// <param name="defaults">The CNI configuration.</param>
    /// <param name="first">See <see cref="AddressRequest.IsFirst"/>.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async ValueTask<AssignResult> AssignAsync(string network, string containerId, Pod pod, Namespace? podNamespace, Node node,
        CniAddressDefaults defaults, bool first, CancellationToken stop)
    {
        string name = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        if (!AddressAnnotations.TryRead(name, pod.Metadata.Annotations, podNamespace?.Metadata.Annotations, defaults, out var plan, out string? problem))
            return Refused.Because(RefusalKind.Invalid, problem!);

        string nodeName = node.Metadata.Name!;
        var owner = AddressRequest.OfPod(pod.Metadata.Namespace!, pod.Metadata.Name!, nodeName, time.GetUtcNow());
        var request = new AddressRequest(AddressRequest.OfContainer(network, containerId), nodeName, node.Metadata.Labels, owner)
        {
            CountV4 = plan.CountV4,
            CountV6 = plan.CountV6,
            PoolsV4 = plan.PoolsV4,
            PoolsV6 = plan.PoolsV6,
            NamespaceLabels = podNamespace?.Metadata.Labels,
            IsFirst = first,
        };
        return plan.Addresses.Count > 0
            ? await client.AssignAddressesAsync(request, plan.Addresses, stop)
            : await client.AssignAsync(request, stop);
    }

    /// <summary>Takes the container's addresses back. Nothing to take back is no error.</summary>
    /// <exception cref="IpamContentionException">Too many lost races; try again.</exception>
    public async ValueTask ReleaseAsync(string network, string containerId, string node, CancellationToken stop) =>
        await client.ReleaseHandleAsync(AddressRequest.OfContainer(network, containerId), node, stop);
}
