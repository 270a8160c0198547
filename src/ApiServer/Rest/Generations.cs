using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>Counts changes of what was asked for, which is everything except metadata and status.</summary>
internal static class Generations
{
    /// <summary>Most core kinds of Kubernetes do not count, and clients that compare objects notice.</summary>
    public static bool Counts(ServedKind kind) => kind.Gvk.Group.Length > 0 || kind.Gvk.Kind is "Pod";

    public static bool SameIntent(JsonObject left, JsonObject right)
    {
        foreach (var (name, value) in left)
            if (IsIntent(name) && !JsonNode.DeepEquals(value, right[name])) return false;
        foreach (var (name, value) in right)
            if (IsIntent(name) && value is not null && !left.ContainsKey(name)) return false;
        return true;
    }

    public static void Raise(ServedKind kind, JsonObject metadata)
    {
        if (Counts(kind)) metadata["generation"] = (metadata.Whole("generation") ?? 0) + 1;
    }

    private static bool IsIntent(string field) => field is not ("metadata" or "status" or "apiVersion" or "kind");
}
