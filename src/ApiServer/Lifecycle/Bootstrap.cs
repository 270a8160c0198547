using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Lifecycle;

/// <summary>Makes the objects that everything else takes for granted, where they are missing. What is there stays as it is.</summary>
internal sealed class Bootstrap(ObjectOperations objects)
{
    private const string Rbac = "rbac.authorization.k8s.io/v1";
    private const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";
    private const string Calico = "projectcalico.org/v3";

    public async Task RunAsync(CancellationToken stop)
    {
        foreach (string space in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
            await EnsureAsync("v1", "Namespace", space, [], stop);
        foreach (var (name, role) in BuiltInRoles.Roles()) await EnsureRoleAsync(name, role, stop);
        foreach (var (name, binding) in BuiltInRoles.Bindings()) await EnsureAsync(Rbac, "ClusterRoleBinding", name, binding, stop);
        // Upstream's orders: administrators before everybody, the baseline after everybody.
        await EnsureAsync(Calico, "Tier", "kube-admin", Tier(1_000, "Pass"), stop);
        await EnsureAsync(Calico, "Tier", "default", Tier(1_000_000, "Deny"), stop);
        await EnsureAsync(Calico, "Tier", "kube-baseline", Tier(10_000_000, "Pass"), stop);
        await EnsureAsync(Calico, "ClusterInformation", "default", Spec(new JsonObject
        {
            ["clusterGUID"] = Guid.NewGuid().ToString("N"), ["clusterType"] = "margay", ["datastoreReady"] = true,
        }), stop);
        // Behind a cluster's own API server it is the installation's, which Helm would not make where one is.
        if (!IsBehindCluster) await EnsureAsync(Calico, "FelixConfiguration", "default", Spec([]), stop);
    }

    /// <summary>There roles are the cluster's.</summary>
    private bool IsBehindCluster => objects.Context.Kinds.Find(Rbac, "ClusterRole") is null;

    /// <summary>A role of an earlier version gets the rules that have come since; what people added stays.</summary>
    private async Task EnsureRoleAsync(string name, JsonObject wanted, CancellationToken stop)
    {
        if (objects.Context.Kinds.Find(Rbac, "ClusterRole") is not { } kind) return;
        if (await objects.Context.Storage.GetAsync(KeySpace.Of(kind, "", name), stop) is null)
        {
            await EnsureAsync(Rbac, "ClusterRole", name, wanted, stop);
            return;
        }
        await objects.Update.UpdateAsync(new ObjectTarget(kind, "", name), current =>
        {
            if (current.Metadata().Child("annotations").Text(AutoUpdate) == "false" || current["aggregationRule"] is not null) return current;
            JsonArray rules = current.List("rules") ?? [];
            foreach (JsonNode rule in wanted.List("rules")!.OfType<JsonNode>().Where(rule => !rules.Any(has => JsonNode.DeepEquals(has, rule))).ToArray())
                rules.Add(rule.DeepClone());
            current["rules"] = rules.DeepClone();
            return current;
        }, WriteOptions.Default, stop);
    }

    private async Task EnsureAsync(string apiVersion, string kindName, string name, JsonObject document, CancellationToken stop)
    {
        if (objects.Context.Kinds.Find(apiVersion, kindName) is not { } kind) return;
        if (await objects.Context.Storage.GetAsync(KeySpace.Of(kind, "", name), stop) is not null) return;
        document["metadata"] = new JsonObject { ["name"] = name };
        try
        {
            await objects.Creation.CreateAsync(kind, "", document, WriteOptions.Default, stop);
        }
        catch (ApiException e) when (e.Code == 409)
        {
            // Another server on the same state starts at the same time.
        }
    }

    private static JsonObject Tier(int order, string action) => Spec(new JsonObject { ["order"] = order, ["defaultAction"] = action });

    private static JsonObject Spec(JsonObject spec) => new() { ["spec"] = spec };
}
