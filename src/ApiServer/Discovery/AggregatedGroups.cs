using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Discovery;

/// <summary>Describes groups with their kinds in one document (apidiscovery.k8s.io APIGroupDiscoveryList).</summary>
internal static class AggregatedGroups
{
    /// <summary>The document.</summary>
    public static JsonObject Describe(IEnumerable<IGrouping<string, ServedKind>> groups, AggregatedForm form) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{form.Version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups.Select(g => (JsonNode)Group(g))]),
    };

    private static JsonObject Group(IGrouping<string, ServedKind> group)
    {
        var metadata = new JsonObject { ["creationTimestamp"] = null };
        if (group.Key.Length > 0)
            metadata["name"] = group.Key;
        var versions = DiscoveryDocuments.Versions(group).Select(version => (JsonNode)new JsonObject
        {
            ["version"] = version,
            ["resources"] = new JsonArray([.. group.Where(k => k.Gvk.Version == version)
                .OrderBy(k => k.Plural, StringComparer.Ordinal).Select(k => (JsonNode)Resource(k))]),
            ["freshness"] = "Current",
        });
        return new() { ["metadata"] = metadata, ["versions"] = new JsonArray([.. versions]) };
    }

    private static JsonObject Resource(ServedKind kind)
    {
        var resource = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = ResponseKind(kind),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = ApiResources.Names(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0)
            resource["shortNames"] = ApiResources.Names(kind.ShortNames);
        if (kind.Categories.Count > 0)
            resource["categories"] = ApiResources.Names(kind.Categories);
        if (kind.HasStatus)
        {
            resource["subresources"] = new JsonArray(new JsonObject
            {
                ["subresource"] = "status",
                ["responseKind"] = ResponseKind(kind),
                ["verbs"] = ApiResources.Names(ApiResources.StatusVerbs),
            });
        }

        return resource;
    }

    private static JsonObject ResponseKind(ServedKind kind) =>
        new() { ["group"] = kind.Gvk.Group, ["kind"] = kind.Gvk.Kind, ["version"] = kind.Gvk.Version };
}
