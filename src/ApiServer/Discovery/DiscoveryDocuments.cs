using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Discovery;

/// <summary>
/// Tells clients which kinds there are, in the three forms that kubectl has used: one document per group and version, and the
/// aggregated list in its versions v2beta1 (kubectl 1.27) and v2 (1.30).
/// </summary>
internal sealed class DiscoveryDocuments
{
    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);

    /// <summary>Prepares the documents.</summary>
    /// <param name="kinds">The kinds the server offers.</param>
    public DiscoveryDocuments(IReadOnlyList<ServedKind> kinds)
    {
        // The order decides what a name means that two groups have: networkpolicies is Kubernetes' own, as on every cluster.
        IReadOnlyList<IGrouping<string, ServedKind>> groups =
            [.. kinds.GroupBy(k => k.Gvk.Group, StringComparer.Ordinal).OrderBy(g => Rank(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal)];
        var named = groups.Where(g => g.Key.Length > 0).ToList();
        Add("/apis", new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. named.Select(g => (JsonNode)ApiGroup.Describe(g.Key, Versions(g)))]),
        });
        foreach (var group in named)
        {
            var document = ApiGroup.Describe(group.Key, Versions(group));
            document["kind"] = "APIGroup";
            document["apiVersion"] = "v1";
            Add($"/apis/{group.Key}", document);
        }

        foreach (var version in kinds.GroupBy(k => k.GroupPath, StringComparer.Ordinal))
            Add(version.Key, ApiResources.Describe([.. version]));
        foreach (var form in AggregatedForm.All)
        {
            Add(form.Key("/api"), AggregatedGroups.Describe(groups.Where(g => g.Key.Length == 0), form));
            Add(form.Key("/apis"), AggregatedGroups.Describe(named, form));
        }
    }

    /// <summary>The paths of the plain documents except <c>/api</c>, whose content depends on the request.</summary>
    public IEnumerable<string> Paths => _documents.Keys.Where(path => !path.Contains(';', StringComparison.Ordinal));

    /// <summary>The document at a path.</summary>
    public byte[] Plain(string path) => _documents[path];

    /// <summary>The aggregated document at <c>/api</c> or <c>/apis</c>.</summary>
    public byte[] Aggregated(string path, AggregatedForm form) => _documents[form.Key(path)];

    /// <summary>The document at <c>/api</c>.</summary>
    /// <param name="address">The host and port under which the client reached the server.</param>
    public static byte[] Core(string address) => Bytes(new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    });

    internal static IReadOnlyList<string> Versions(IEnumerable<ServedKind> group) =>
        [.. group.Select(k => k.Gvk.Version).Distinct(StringComparer.Ordinal).OrderBy(VersionRank).ThenByDescending(v => v, StringComparer.Ordinal)];

    // Stable versions before beta and alpha, as kubectl prefers the first.
    private static int VersionRank(string version) =>
        version.Contains("alpha", StringComparison.Ordinal) ? 2 : version.Contains("beta", StringComparison.Ordinal) ? 1 : 0;

    // cnp is short for the policies of two groups; it stays what it was before the second one came.
    private static int Rank(string group) => group switch
    {
        "" => 0,
        "policy.networking.k8s.io" => 3,
        _ => group.EndsWith(".k8s.io", StringComparison.Ordinal) ? 1 : 2,
    };

    private static byte[] Bytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document);

    private void Add(string path, JsonObject document) => _documents.Add(path, Bytes(document));
}
