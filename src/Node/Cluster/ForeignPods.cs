using Margay.Cni.Wiring;
using Margay.Model.Resources;
using Margay.Node.Endpoints;
using Margay.Node.Engine;

namespace Margay.Node.Cluster;

/// <summary>
/// The endpoints of a node whose pods another plugin wires (policy only): they follow from the pods as the cluster tells them.
/// The plugins of the large clouds name a pod's interface as ours does, with a prefix of their own.
/// </summary>
internal sealed class ForeignPods(string nodeName, string prefix)
{
    private readonly Dictionary<ResourceKey, LocalEndpointRecord> _known = [];

    /// <summary>How many endpoints there are.</summary>
    public int Count => _known.Count;

    /// <summary>What changes of pods mean for the engine. A pod counts from the moment that its status has addresses.</summary>
    public IEnumerable<Message> Translate(IReadOnlyList<ResourceUpdate> updates)
    {
        foreach (var update in updates.Where(update => update.Key.Kind == "Pod"))
        {
            var endpoint = Endpoint(update.Value as Pod);
            _known.TryGetValue(update.Key, out var old);
            if (endpoint is not null && (old is null || !old.Addresses.SequenceEqual(endpoint.Addresses) || old.ContainerId != endpoint.ContainerId))
            {
                _known[update.Key] = endpoint;
                yield return new EndpointWired(endpoint);
            }
            else if (endpoint is null && old is not null)
            {
                _known.Remove(update.Key);
                yield return new EndpointUnwired(old);
            }
        }
    }

    private LocalEndpointRecord? Endpoint(Pod? pod)
    {
        if (pod is null || pod.Spec.NodeName != nodeName || pod.Spec.HostNetwork == true || pod.Status?.Phase is "Succeeded" or "Failed") return null;
        List<string> addresses = [.. (pod.Status?.PodIPs ?? []).Select(address => address.Ip ?? "").Where(address => address.Length > 0)];
        if (addresses.Count == 0 && pod.Status?.PodIP is { Length: > 0 } only) addresses = [only];
        if (addresses.Count == 0) return null;
        return new LocalEndpointRecord
        {
            ContainerId = pod.Metadata.Uid ?? "",
            Namespace = pod.Metadata.Namespace ?? "",
            Name = pod.Metadata.Name ?? "",
            Interface = "eth0",
            HostInterface = HostInterfaceName.ForPod(pod.Metadata.Namespace ?? "", pod.Metadata.Name ?? "", prefix),
            NetworkNamespace = "",
            Handle = "",
            Addresses = addresses,
        };
    }
}
