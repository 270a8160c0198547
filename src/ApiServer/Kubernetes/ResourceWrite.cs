using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Writes the next state of an object. Where the status is a resource of its own, a change of both is two writes; nobody's
/// request changes both.
/// </summary>
internal static class ResourceWrite
{
    /// <returns>The object as it is now.</returns>
    public static async Task<Resource> PutAsync(IResourceStore cluster, ResourceKeys target, byte[] bytes, long revision, CancellationToken stop)
    {
        Resource next = ResourceForm.Write(target.Kind, bytes, revision);
        if (revision == 0) return Complete(target, next, await ClusterCalls.RunAsync(() => cluster.CreateAsync(target.Kind, next, stop)));
        if (!target.Kind.HasStatus) return Complete(target, next, await ClusterCalls.RunAsync(() => cluster.UpdateAsync(target.Kind, next, null, stop)));
        JsonObject wanted = Tree(target, next);
        Resource written = await ClusterCalls.RunAsync(() => cluster.UpdateAsync(target.Kind, next, null, stop));
        if (JsonNode.DeepEquals(Tree(target, written)["status"], wanted["status"])) return Complete(target, next, written);
        next.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
        return await ClusterCalls.RunAsync(() => cluster.UpdateAsync(target.Kind, next, "status", stop));
    }

    /// <summary>
    /// Fields that the cluster's definition does not know are dropped there without a word; a policy that loses its end in time
    /// would stay in force for ever.
    /// </summary>
    private static Resource Complete(ResourceKeys target, Resource sent, Resource stored)
    {
        if (Lost(Tree(target, sent)["spec"], Tree(target, stored)["spec"], "spec") is not { } field) return stored;
        throw new Rest.ApiException(500, "InternalError",
            $"{target.Kind.QualifiedPlural} \"{target.Name}\" was stored without {field}, because the cluster's definition of the kind does not have it; "
            + "apply Margay's definitions (margay-server crds) and write the object again");
    }

    private static string? Lost(JsonNode? sent, JsonNode? stored, string path) => (sent, stored) switch
    {
        (JsonObject from, JsonObject to) => from.Where(f => f.Value is not null).Select(f => Lost(f.Value, to[f.Key], $"{path}.{f.Key}")).FirstOrDefault(f => f is not null),
        (JsonArray from, JsonArray to) when from.Count == to.Count => from.Select((item, i) => Lost(item, to[i], $"{path}[{i}]")).FirstOrDefault(f => f is not null),
        (not null, null) => IsEmpty(sent) ? null : path,
        _ => null,
    };

    private static bool IsEmpty(JsonNode node) => node is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static JsonObject Tree(ResourceKeys target, Resource value) => (JsonObject)JsonSerializer.SerializeToNode(value, target.Kind.TypeInfo)!;
}
