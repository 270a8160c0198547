using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Lab.Api;
using Margay.Lab.Pods;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Nodes;

/// <summary>Writes what the pod runner says to the API server.</summary>
internal sealed class PodApi(LabApi api) : IPodApi
{
    public async Task WriteStatusAsync(Pod pod, PodStatus status, CancellationToken stop)
    {
        var fields = JsonSerializer.SerializeToNode(status, ModelJson.Default.PodStatus)!.AsObject();

        // A merge patch removes what is null: what was wrong a moment ago must not stay.
        foreach (string field in (string[])["message", "reason"]) fields.TryAdd(field, null);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = pod.Metadata.Uid }, ["status"] = fields };
        try
        {
            await api.Store.PatchAsync(
                KindRegistry.Of<Pod>(), pod.Metadata.Namespace, pod.Metadata.Name!, "status", "application/merge-patch+json",
                JsonSerializer.SerializeToUtf8Bytes(patch, ModelJson.Default.JsonObject), stop);
        }
        catch (ApiException failure) when (failure.IsNotFound || failure.IsConflict)
        {
            // The pod is gone or is another one by now; the watch says so in a moment.
            Console.WriteLine($"{DateTimeOffset.UtcNow:O} status of pod {pod.Metadata.Namespace}/{pod.Metadata.Name}: {failure.Message}");
        }
    }

    public Task ForgetAsync(Pod pod, CancellationToken stop) => api.ForgetPodAsync(pod, stop);
}
