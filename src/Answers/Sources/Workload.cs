using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Answers.Sources;

/// <summary>
/// An object that makes pods: Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob. Answers
/// about manifests need the pods that it will make; two stand for all, since they differ in nothing that policy sees.
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Template">The pod template: metadata and spec.</param>
/// <param name="Replicas">How many pods stand for it: 0, 1 or 2.</param>
/// <param name="Place">Where it comes from.</param>
internal sealed record Workload(string Kind, string Namespace, string Name, JsonObject Template, int Replicas, SourcePlace Place)
{
    /// <summary>Reads an object that makes pods; null when it is none.</summary>
    internal static Workload? Read(JsonObject value, string apiVersion, string kind, string @namespace, string name, SourcePlace place)
    {
        var spec = value["spec"] as JsonObject;
        var (template, replicas) = (apiVersion, kind) switch
        {
            ("apps/v1", "Deployment" or "StatefulSet" or "ReplicaSet") or ("v1", "ReplicationController") => (spec?["template"], Count(spec?["replicas"])),
            ("apps/v1", "DaemonSet") => (spec?["template"], 2),
            ("batch/v1", "Job") => (spec?["template"], 1),
            ("batch/v1", "CronJob") => (spec?["jobTemplate"]?["spec"]?["template"], 1),
            _ => (null, 0),
        };
        return template is JsonObject found ? new Workload(kind, @namespace, name, found, replicas, place) : null;
    }

    /// <summary>The pods that stand for it.</summary>
    internal IEnumerable<Pod> Pods()
    {
        for (int number = 0; number < Replicas; number++)
        {
            var pod = new JsonObject { ["metadata"] = Template["metadata"]?.DeepClone(), ["spec"] = Template["spec"]?.DeepClone() };
            var read = (Pod)KindRegistry.Of<Pod>().Read(JsonSerializer.SerializeToUtf8Bytes(pod, ModelJson.Default.JsonObject));
            read.Metadata.Namespace = Namespace;
            read.Metadata.Name = $"{Name}-{number}";
            yield return read;
        }
    }

    /// <summary>True when a pod of the cluster looks as if it came from here: all labels of the template in the same namespace.</summary>
    internal bool Owns(Pod pod) =>
        pod.Metadata.Namespace == Namespace
        && pod.Metadata.Name?.StartsWith(Name, StringComparison.Ordinal) == true
        && (Template["metadata"]?["labels"] as JsonObject ?? []).All(l => pod.Metadata.Labels?.GetValueOrDefault(l.Key) == l.Value?.ToString());

    private static int Count(JsonNode? replicas) => replicas is JsonValue value && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double count) ? (int)Math.Clamp(count, 0, 2) : 1;
}
