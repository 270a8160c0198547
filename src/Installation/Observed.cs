using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>What of the installation is in the cluster, as the API server tells it.</summary>
/// <param name="Node">DaemonSet <c>margay-node</c>, or null.</param>
/// <param name="Deployments">Deployments of ours by name.</param>
/// <param name="Pods">All pods of ours.</param>
/// <param name="Pools">The address pools that exist.</param>
internal sealed record Observed(JsonObject? Node, IReadOnlyList<JsonObject> Deployments, IReadOnlyList<JsonObject> Pods, IReadOnlyList<JsonObject> Pools);
