using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Ipam.Tests.Support;

/// <summary>What a CNI ADD and DEL do with the client, as the node service does it.</summary>
internal sealed class PodAddresses(IpamClient client, TimeProvider time)
{
    public async ValueTask<AssignResult> AssignAsync(string network, string containerId, Pod pod, Namespace? podNamespace, Node node,
        CniAddressDefaults defaults, CancellationToken stop)
    {
        string name = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        if (!AddressAnnotations.TryRead(name, pod.Metadata.Annotations, podNamespace?.Metadata.Annotations, defaults, out var plan, out string? problem))
            return new Refused(RefusalKind.Invalid, problem!, []);

        string nodeName = node.Metadata.Name!;
        var owner = AddressRequest.OfPod(pod.Metadata.Namespace!, pod.Metadata.Name!, nodeName, time.GetUtcNow());
        var request = new AddressRequest(AddressRequest.OfContainer(network, containerId), nodeName, node.Metadata.Labels, owner)
        {
            CountV4 = plan.CountV4,
            CountV6 = plan.CountV6,
            PoolsV4 = plan.PoolsV4,
            PoolsV6 = plan.PoolsV6,
            NamespaceLabels = podNamespace?.Metadata.Labels,
        };
        return plan.Addresses.Count > 0
            ? await client.AssignAddressesAsync(request, plan.Addresses, stop)
            : await client.AssignAsync(request, stop);
    }

    public async ValueTask ReleaseAsync(string network, string containerId, string node, CancellationToken stop) =>
        await client.ReleaseHandleAsync(AddressRequest.OfContainer(network, containerId), node, stop);
}
