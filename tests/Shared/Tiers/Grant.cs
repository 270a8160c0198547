using System.Text.Json.Nodes;

namespace Margay.Tests.Tiers;

/// <summary>One rule and where it is bound: what the twin reads, and what is written to the server as a role and a binding.</summary>
/// <param name="Namespace">The namespace of the binding; null for all of the cluster.</param>
/// <param name="Verbs">The verbs.</param>
/// <param name="Resources">The resources of projectcalico.org.</param>
/// <param name="Names">The names; empty for every one.</param>
public sealed record Grant(string? Namespace, string[] Verbs, string[] Resources, string[] Names)
{
    /// <summary>The rule as a role has it.</summary>
    internal JsonObject Rule()
    {
        var rule = new JsonObject { ["verbs"] = Array(Verbs), ["apiGroups"] = Array(["projectcalico.org"]), ["resources"] = Array(Resources) };
        if (Names.Length > 0) rule["resourceNames"] = Array(Names);
        return rule;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(',', Verbs)} {string.Join(',', Resources)} [{string.Join(' ', Names)}] in {Namespace ?? "the cluster"}";

    private static JsonArray Array(string[] texts) => [.. texts.Select(text => (JsonNode)text)];
}

/// <summary>Somebody with some rights.</summary>
/// <param name="Name">Who.</param>
/// <param name="Grants">The rights.</param>
public sealed record TierUser(string Name, IReadOnlyList<Grant> Grants)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {string.Join("; ", Grants)}";
}
