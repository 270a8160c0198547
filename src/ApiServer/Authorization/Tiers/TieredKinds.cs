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

    private static string OrDefault(string tier) => tier.Length == 0 ? DefaultTier : tier;
}
