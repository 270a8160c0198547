using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Discovery;

/// <summary>Describes the kinds of a group and version (meta/v1 APIResourceList).</summary>
internal static class ApiResources
{
    /// <summary>What can be done with a status.</summary>
    public static IReadOnlyList<string> StatusVerbs { get; } = ["get", "patch", "update"];

    /// <summary>The description; the kinds are all of one group and version.</summary>
    public static JsonObject Describe(IReadOnlyList<ServedKind> kinds)
    {
        var resources = new JsonArray();
        foreach (var kind in kinds.OrderBy(k => k.Plural, StringComparer.Ordinal))
        {
            var resource = Resource(kind, kind.Plural, kind.Singular, kind.Verbs);
            if (kind.ShortNames.Count > 0)
                resource["shortNames"] = Names(kind.ShortNames);
            if (kind.Categories.Count > 0)
                resource["categories"] = Names(kind.Categories);
            if (kind.Verbs.Contains("get", StringComparer.Ordinal))
                resource["storageVersionHash"] = Hash(kind.Gvk);
            resources.Add(resource);
            if (kind.HasStatus)
                resources.Add(Resource(kind, $"{kind.Plural}/status", "", StatusVerbs));
        }

        return new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = kinds[0].Gvk.ApiVersion,
            ["resources"] = resources,
        };
    }

    /// <summary>Strings as an array.</summary>
    public static JsonArray Names(IEnumerable<string> names) => [.. names.Select(n => (JsonNode)n)];

    private static JsonObject Resource(ServedKind kind, string name, string singular, IReadOnlyList<string> verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = kind.Namespaced,
        ["kind"] = kind.Gvk.Kind,
        ["verbs"] = Names(verbs),
    };

    // Equal hashes tell a client that two versions are stored alike; it must only be stable and differ between kinds.
    private static string Hash(GroupVersionKind kind) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind.ApiVersion}/{kind.Kind}")).AsSpan(0, 8));
}
