using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Questions that the cluster answers: objects that are made and never kept.</summary>
internal static class ReviewedKinds
{
    public static readonly KindInfo TokenReview = Kind("authentication.k8s.io", "TokenReview", "tokenreviews");

    public static readonly KindInfo SubjectAccessReview = Kind("authorization.k8s.io", "SubjectAccessReview", "subjectaccessreviews");

    /// <summary>Asks, and returns the status.</summary>
    public static async Task<JsonObject> AskAsync(IResourceStore cluster, KindInfo kind, JsonObject spec, CancellationToken stop)
    {
        var question = new AnyResource { Other = new() { ["spec"] = JsonSerializer.SerializeToElement(spec, ModelJson.Default.JsonObject) } };
        var answer = (AnyResource)await ClusterCalls.RunAsync(() => cluster.CreateAsync(kind, question, stop));
        return answer.Other?.GetValueOrDefault("status") is { ValueKind: JsonValueKind.Object } status ? JsonObject.Create(status)! : [];
    }

    private static KindInfo<AnyResource> Kind(string group, string kind, string plural) =>
        new(ModelJson.Default.AnyResource, ModelJson.Default.AnyResourceList)
        {
            Group = group, Version = "v1", Kind = kind, Plural = plural, Namespaced = false, Verbs = ["create"],
        };
}
