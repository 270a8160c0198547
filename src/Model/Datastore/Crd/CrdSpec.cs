using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>Where the specification of a custom resource differs from the object's: a few fields of address management and tiers.</summary>
internal static class CrdSpec
{
    public static void ToStored(CrdKind kind, JsonObject document)
    {
        if (document["spec"] is not JsonObject spec)
            return;
        switch (kind.Api.Kind)
        {
            case "BlockAffinity":
                // A text, by an early mistake that the definition keeps.
                spec["deleted"] = spec["deleted"] is JsonValue value && IsTrue(value) ? "true" : "false";
                break;
            case "IPAMBlock":
                foreach (string list in (string[])["allocations", "unallocated", "attributes"])
                    spec[list] ??= new JsonArray();
                spec["strictAffinity"] ??= false;
                break;
            case "IPAMConfiguration":
                spec["strictAffinity"] ??= false;
                spec["autoAllocateBlocks"] ??= true;
                break;
        }
    }

    public static void ToApi(CrdKind kind, JsonObject document)
    {
        if (document["spec"] is not JsonObject spec)
            return;
        if (kind.Api.Kind == "BlockAffinity")
        {
            spec["deleted"] = spec["deleted"] is JsonValue value && IsTrue(value);
            Label(document, spec);
        }
        else if (kind.Api.Kind == "Tier")
        {
            // Earlier the default tier stood last by having no order at all.
            spec["order"] ??= DefaultTierOrder;
            spec["defaultAction"] ??= "Deny";
        }
    }

    private const double DefaultTierOrder = 1_000_000;

    // The forms that upstream takes for true.
    private static bool IsTrue(JsonValue value) => value.GetValueKind() == JsonValueKind.String
        ? value.GetValue<string>() is "1" or "t" or "T" or "true" or "True" or "TRUE"
        : value.GetValueKind() == JsonValueKind.True;

    /// <summary>Claims of older releases lack the labels that a node finds its own by.</summary>
    private static void Label(JsonObject document, JsonObject spec)
    {
        if (document["metadata"] is not JsonObject metadata)
            return;
        if (metadata["labels"] is not JsonObject labels)
            metadata["labels"] = labels = [];
        labels[BlockAffinity.HostnameHashLabel] ??= BlockAffinityLabels.HashOfHost(spec["node"]?.ToString() ?? "");
        labels[BlockAffinity.AffinityTypeLabel] ??= spec["type"]?.ToString() is { Length: > 0 } type ? type : "host";
        labels[BlockAffinity.IPVersionLabel] ??= (spec["cidr"]?.ToString() ?? "").Contains(':', StringComparison.Ordinal) ? "6" : "4";
    }
}
