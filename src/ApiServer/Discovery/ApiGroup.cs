using System.Text.Json.Nodes;

namespace Margay.ApiServer.Discovery;

/// <summary>Describes a group and its versions (meta/v1 APIGroup).</summary>
internal static class ApiGroup
{
    /// <summary>The description, without kind and version.</summary>
    public static JsonObject Describe(string group, IReadOnlyList<string> versions) => new()
    {
        ["name"] = group,
        ["versions"] = new JsonArray([.. versions.Select(v => (JsonNode)Version(group, v))]),
        ["preferredVersion"] = Version(group, versions[0]),
    };

    private static JsonObject Version(string group, string version) =>
        new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
}
