using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Storage;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Calls to the cluster. What it refuses, our client is refused in the same words; where it cannot be reached, nothing is known.</summary>
internal static class ClusterCalls
{
    /// <exception cref="Rest.ApiException">The cluster refuses.</exception>
    /// <exception cref="StorageUnavailableException">It does not answer.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Model.Datastore.ApiException refusal)
        {
            throw Translate(refusal.Status);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException)
        {
            throw new StorageUnavailableException($"the cluster's API server cannot be reached: {cause.Message}", cause);
        }
    }

    private static Rest.ApiException Translate(Status status)
    {
        int code = status.Code ?? 500;
        // What the cluster does not let this server do is not the client's doing.
        if (code is 401 or 403) throw new StorageUnavailableException($"this API server may not do that in the cluster; its own rights are missing: {status.Message}");
        var details = status.Details is null ? null : (JsonObject)JsonSerializer.SerializeToNode(status, ModelJson.Default.Status)!["details"]!.DeepClone();
        return new(code, status.Reason ?? "InternalError", status.Message ?? $"the cluster answered {code}", details);
    }
}
