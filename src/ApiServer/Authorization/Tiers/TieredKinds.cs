using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Authorization.Tiers;

/// <summary>The kinds whose objects live in tiers, and in which one an object lives.</summary>
internal static class TieredKinds
{
    /// <summary>The group of all of them.</summary>
    public const string Group = "projectcalico.org";

    /// <summary>The tier of an object that names none.</summary>
    public const string DefaultTier = "default";

    /// <summary>The field that names the tier.</summary>
    public const string Field = "spec.tier";

    /// <summary>The label that repeats it.</summary>
    public const string Label = "projectcalico.org/tier";

    /// <summary>What stands before a resource in rights by tier.</summary>
    public const string Prefix = "tier.";

    private static readonly FrozenSet<string> Plurals = new[]
    {
        "networkpolicies", "globalnetworkpolicies", "stagednetworkpolicies", "stagedglobalnetworkpolicies",
    }.ToFrozenSet();

    /// <summary>Whether objects of a kind live in tiers.</summary>
    public static bool Has(ServedKind kind) => Has(kind.Gvk.Group, kind.Plural);

    /// <summary>Whether objects of a resource live in tiers.</summary>
    public static bool Has(string group, string plural) => group == Group && Plurals.Contains(plural);

    /// <summary>The tier of an object.</summary>
    public static string TierOf(JsonObject document) => OrDefault(document.Child("spec").Text("tier"));

    /// <summary>The tier of a stored object.</summary>
    public static string TierOf(ServedKind kind, ObjectView view) => OrDefault(view.Field(kind, Field));

    /// <summary>
    /// A question about rights as it was meant. kubectl finds no kind called <c>tier.networkpolicies.projectcalico.org</c> and asks for all of
    /// that as a resource of the core group.
    /// </summary>
    public static AccessRequest AsMeant(AccessRequest asked)
    {
        if (asked.Group.Length > 0 || !asked.Resource.StartsWith(Prefix, StringComparison.Ordinal)) return asked;
        string plural = asked.Resource[Prefix.Length..];
        if (plural.EndsWith($".{Group}", StringComparison.Ordinal)) plural = plural[..^(Group.Length + 1)];
        return Has(Group, plural) ? asked with { Group = Group, Resource = Prefix + plural } : asked;
    }

    private static string OrDefault(string tier) => tier.Length == 0 ? DefaultTier : tier;
}
