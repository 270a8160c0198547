using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>Why pods of ours are not ready: what kubelet waits for, or what the containers' probes say.</summary>
internal static class PodProblems
{
    /// <summary>A sentence for each pod that is not ready, by node.</summary>
    public static IEnumerable<Problem> Of(IEnumerable<JsonObject> pods) => pods
        .Where(pod => pod.At("metadata", "deletionTimestamp") is null && !IsReady(pod))
        .OrderBy(pod => pod.Text("metadata", "name"), StringComparer.Ordinal)
        .Select(pod => new Problem(Reason(pod), $"{Where(pod)}: {Why(pod)}"));

    private static bool IsReady(JsonObject pod) => pod.Items("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    private static string Where(JsonObject pod) => pod.Text("spec", "nodeName") is { } node ? $"pod {pod.Text("metadata", "name")} on node {node}" : $"pod {pod.Text("metadata", "name")}";

    private static string Reason(JsonObject pod) => Waiting(pod).Select(waiting => waiting.Text("reason")).FirstOrDefault(reason => reason is not null)
        ?? (pod.Text("spec", "nodeName") is null ? "Unschedulable" : "PodNotReady");

    private static string Why(JsonObject pod)
    {
        if (pod.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "PodScheduled" && condition.Text("status") == "False") is { } scheduled)
            return scheduled.Text("message") ?? "no node takes it";
        var reasons = Containers(pod).Where(container => container.At("ready")?.GetValueKind() != System.Text.Json.JsonValueKind.True).Select(Why).ToList();
        return reasons.Count > 0 ? string.Join("; ", reasons) : $"phase {pod.Text("status", "phase") ?? "unknown"}";
    }

    private static string Why(JsonNode container)
    {
        string name = container.Text("name") ?? "";
        if (container.At("state", "waiting") is { } waiting) return $"container {name} waits: {waiting.Text("reason")} {waiting.Text("message")}".TrimEnd();
        if (container.At("state", "terminated") is { } ended) return $"container {name} ended with {ended.Number("exitCode")}: {ended.Text("reason")}";
        return $"container {name} is not ready{(container.Number("restartCount") is > 0 and var times ? $", started again {times} times" : "")}; its log says why";
    }

    private static IEnumerable<JsonNode> Waiting(JsonObject pod) => Containers(pod).Select(container => container.At("state", "waiting")).OfType<JsonNode>();

    private static IEnumerable<JsonNode> Containers(JsonObject pod) => pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses"));
}
