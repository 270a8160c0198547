using Margay.Cni.Protocol;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Margay.Node.Cluster;

namespace Margay.Node.Cni;

/// <summary>Finds the pod that a runtime means.</summary>
internal sealed class PodLookup(IResourceStore store, ClusterCache cluster)
{
    // What the API server has of a pod that kubelet reads from a file: under a UID of its own, and the file's stands here.
    private const string Mirror = "kubernetes.io/config.mirror";

    /// <summary>Finds it, or says why it cannot be attached.</summary>
    public async ValueTask<(Pod? Pod, CniError? Error)> FindAsync(CniPod asked, CancellationToken stop)
    {
        if (cluster.Ends.Has(asked.Uid)) return (null, Gone(asked));
        // The watch usually knows the pod before the runtime starts it: then nothing is asked, and a start costs one write.
        if (cluster.Pod(asked.Namespace, asked.Name, asked.Uid) is { } known) return (known, null);
        if (await store.FindAsync<Pod>(asked.Namespace, asked.Name, stop) is not { } pod)
            return (null, new CniError(CniErrorCode.TryAgainLater, $"The API server has no pod {asked}.", "It is needed for the pod's labels. A runtime asks again."));
        return IsMeant(pod, asked.Uid) ? (pod, null) : (null, Gone(asked));
    }

    /// <summary>What a runtime is told about a pod that is gone.</summary>
    public static CniError Gone(CniPod asked) => new(
        CniErrorCode.PodGone, $"Pod {asked} with UID {asked.Uid} is gone: it was deleted before it was attached.", "Nothing of it is left here; the runtime need not ask again.");

    // Another of the same name: its policy is none of this one's.
    private static bool IsMeant(Pod pod, string uid) => uid.Length == 0 || pod.Metadata.Uid == uid || pod.Metadata.Annotations?.GetValueOrDefault(Mirror) == uid;
}
