using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

/// <summary>A cluster that answers reviews.</summary>
/// <param name="answer">Makes the status from the kind of the question and its spec.</param>
internal sealed class ReviewingCluster(Func<string, JsonObject, JsonObject> answer) : ClusterDecorator(new InMemoryDatastore())
{
    /// <summary>The questions so far.</summary>
    public List<JsonObject> Asked { get; } = [];

    public override Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop)
    {
        var review = (AnyResource)value;
        JsonObject spec = JsonObject.Create(review.Other!["spec"])!;
        Asked.Add(spec);
        review.Other["status"] = JsonSerializer.SerializeToElement(answer(kind.Kind, spec));
        return Task.FromResult(value);
    }
}
