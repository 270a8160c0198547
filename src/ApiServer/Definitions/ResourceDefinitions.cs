using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Yaml;

namespace Margay.ApiServer.Definitions;

/// <summary>
/// The custom resource definitions that a Kubernetes cluster needs, made from the same types that requests are checked against,
/// under upstream's names. Kubernetes 1.20 and later take them.
/// </summary>
public static class ResourceDefinitions
{
    private const string ApprovedAt = "https://github.com/kubernetes-sigs/network-policy-api/pull/347";

    /// <summary>All definitions as YAML, each with the name of its file.</summary>
    public static IReadOnlyList<(string File, string Yaml)> All()
    {
        var definitions = CrdKinds.All.Select(kind => (kind.DefinitionName, Of(kind.Api, kind.Stored)));
        KindInfo policies = KindRegistry.Of<ClusterNetworkPolicy>();
        return
        [
            .. definitions.Append((policies.QualifiedPlural, Of(policies, policies))).Select(made => ($"{Reversed(made.Item1)}.yaml", YamlWriter.Write(made.Item2))),
        ];
    }

    private static JsonObject Of(KindInfo api, KindInfo stored)
    {
        var metadata = new JsonObject { ["name"] = stored.QualifiedPlural };
        // Groups of Kubernetes' own domain are guarded.
        if (stored.Group.EndsWith(".k8s.io", StringComparison.Ordinal))
            metadata["annotations"] = new JsonObject { ["api-approved.kubernetes.io"] = ApprovedAt };
        return new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["group"] = stored.Group,
                ["names"] = Names(stored),
                ["preserveUnknownFields"] = false,
                ["scope"] = stored.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray(Version(api, stored)),
            },
        };
    }

    private static JsonObject Names(KindInfo stored)
    {
        var names = new JsonObject
        {
            ["kind"] = stored.Kind, ["listKind"] = stored.ListKind, ["plural"] = stored.Plural, ["singular"] = stored.Singular,
        };
        if (stored.ShortNames.Length > 0) names["shortNames"] = new JsonArray([.. stored.ShortNames.Select(name => (JsonNode)name)]);
        return names;
    }

    private static JsonObject Version(KindInfo api, KindInfo stored)
    {
        TypeSchema type = ServedKinds.Catalog.Value.Find(new GroupVersionKind(api.Group, api.Version, api.Kind))
            ?? throw new InvalidOperationException($"{api} has no schema");
        JsonObject schema = StructuralSchema.OfKind(type);
        if (api.Kind == "BlockAffinity") MarkAsText(schema);
        var version = new JsonObject
        {
            ["name"] = stored.Version,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
            ["served"] = true,
            ["storage"] = true,
        };
        if (stored.HasStatus) version["subresources"] = new JsonObject { ["status"] = new JsonObject() };
        return version;
    }

    /// <summary>Storage keeps a claim's mark of deletion as a text.</summary>
    private static void MarkAsText(JsonObject schema) => schema["properties"]!["spec"]!["properties"]!["deleted"]!["type"] = "string";

    // Sorted by group in a folder: crd.projectcalico.org_tiers.yaml.
    private static string Reversed(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return $"{name[(dot + 1)..]}_{name[..dot]}";
    }
}
