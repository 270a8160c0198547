using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

/// <summary>A cluster whose definitions do not know Margay's extensions, as those of upstream do not.</summary>
internal sealed class DroppingCluster(IResourceStore inner) : ClusterDecorator(inner)
{
    public override Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop)
    {
        if (value is AnyResource { Other: { } other } && other.TryGetValue("spec", out JsonElement spec))
        {
            var kept = JsonObject.Create(spec)!;
            kept.Remove("validUntil");
            other["spec"] = JsonSerializer.SerializeToElement(kept);
        }
        return base.CreateAsync(kind, value, stop);
    }
}
