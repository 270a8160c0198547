using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>Whether the agents and servers that should run do.</summary>
internal static class WorkloadProblems
{
    /// <summary>What is not there or not ready.</summary>
    public static IEnumerable<Problem> Missing(Observed observed)
    {
        if (observed.Node is not { } node)
        {
            yield return new("NodeServiceMissing", "DaemonSet margay-node does not exist: install the chart or apply the manifests again");
            yield break;
        }
        long wanted = node.Number("status", "desiredNumberScheduled"), ready = node.Number("status", "numberReady");
        if (ready < wanted) yield return new("NodesNotReady", $"margay-node is ready on {ready} of {wanted} nodes");
        foreach (var deployment in observed.Deployments)
            if (deployment.Number("spec", "replicas") > 0 && deployment.Number("status", "readyReplicas") == 0)
                yield return new("NoReplicaReady", $"no replica of {deployment.Text("metadata", "name")} is ready");
    }

    /// <summary>What is on its way: a rollout that has not come to its end.</summary>
    public static IEnumerable<Problem> Rolling(Observed observed)
    {
        foreach (var workload in observed.Deployments.Prepend(observed.Node).OfType<JsonObject>())
        {
            bool daemons = workload.Text("kind") == "DaemonSet";
            long wanted = daemons ? workload.Number("status", "desiredNumberScheduled") : workload.Number("spec", "replicas");
            long updated = workload.Number("status", daemons ? "updatedNumberScheduled" : "updatedReplicas");
            bool seen = workload.Number("status", "observedGeneration") >= workload.Number("metadata", "generation");
            if (!seen || updated < wanted) yield return new("RollingOut", $"{workload.Text("metadata", "name")}: {updated} of {wanted} have the new version");
        }
    }
}
