using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Authorization;

/// <summary>A rule of a role: verbs on resources of groups, perhaps of some names only, or on paths.</summary>
/// <param name="Verbs">The verbs; <c>*</c> is every one.</param>
/// <param name="Groups">The API groups; <c>*</c> is every one.</param>
/// <param name="Resources">The resources: <c>pods</c>, <c>pods/log</c>, <c>*/status</c>; <c>*</c> is everything, parts included.</param>
/// <param name="Names">The objects; empty for every one.</param>
/// <param name="Paths">The paths; an asterisk at the end stands for whatever follows.</param>
internal sealed record AccessRule(
    ImmutableArray<string> Verbs, ImmutableArray<string> Groups, ImmutableArray<string> Resources, ImmutableArray<string> Names, ImmutableArray<string> Paths)
{
    private const string Every = "*";

    /// <summary>Every verb on every resource and every path.</summary>
    public static ImmutableArray<AccessRule> Everything { get; } = [new([Every], [Every], [Every], [], []), new([Every], [], [], [], [Every])];

    /// <summary>Reads a rule (rbac.authorization.k8s.io/v1 PolicyRule).</summary>
    public static AccessRule Read(JsonObject rule) =>
        new(Texts(rule, "verbs"), Texts(rule, "apiGroups"), Texts(rule, "resources"), Texts(rule, "resourceNames"), Texts(rule, "nonResourceURLs"));

    /// <summary>Whether the rule lets a request through.</summary>
    public bool Allows(AccessRequest request)
    {
        if (!Has(Verbs, request.Verb)) return false;
        if (request.Resource.Length == 0) return Paths.Any(path => IsPath(path, request.Path));
        return Has(Groups, request.Group)
            && Resources.Any(resource => IsResource(resource, request))
            && (Names.IsEmpty || (request.Name.Length > 0 && Names.Contains(request.Name)));
    }

    /// <summary>The simplest requests that the rule lets through: one for each verb, group, resource and name, or path.</summary>
    public IEnumerable<AccessRequest> Parts(AccessRequest like)
    {
        foreach (string verb in Verbs)
        {
            foreach (string path in Paths) yield return like with { Verb = verb, Path = path, Resource = "", Subresource = "", Group = "", Name = "", Namespace = "" };
            foreach (string group in Groups)
            {
                foreach (string resource in Resources)
                {
                    string[] parts = resource.Split('/', 2);
                    foreach (string name in Names.IsEmpty ? [""] : Names)
                        yield return like with { Verb = verb, Group = group, Resource = parts[0], Subresource = parts.Length > 1 ? parts[1] : "", Name = name, Path = "" };
                }
            }
        }
    }

    /// <summary>The rule as an object of a rules review.</summary>
    public JsonObject Write()
    {
        var rule = new JsonObject { ["verbs"] = Array(Verbs) };
        if (!Paths.IsEmpty)
        {
            rule["nonResourceURLs"] = Array(Paths);
            return rule;
        }
        (rule["apiGroups"], rule["resources"]) = (Array(Groups), Array(Resources));
        if (!Names.IsEmpty) rule["resourceNames"] = Array(Names);
        return rule;
    }

    private static bool Has(ImmutableArray<string> list, string word) => list.Contains(Every) || list.Contains(word);

    private static bool IsResource(string resource, AccessRequest request) =>
        resource == Every || resource == request.FullResource
        || (request.Subresource.Length > 0 && resource == $"{Every}/{request.Subresource}");

    private static bool IsPath(string path, string asked) =>
        path == Every || path == asked || (path.EndsWith('*') && asked.StartsWith(path[..^1], StringComparison.Ordinal));

    // Empty ones too: the core group is the empty text.
    private static ImmutableArray<string> Texts(JsonObject rule, string field) =>
        [.. (rule.List(field) ?? []).OfType<JsonValue>().Select(value => value.TryGetValue(out string? text) ? text : null).OfType<string>()];

    private static JsonArray Array(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
