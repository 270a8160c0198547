using System.Text.Json.Nodes;

namespace Margay.Cli.Resources;

/// <summary>
/// The patch of <c>apply</c>: what was applied last time and is not wanted any more is deleted, what is wanted and
/// differs is set, and what others have set is left alone. The result is a merge patch (RFC 7386), so lists are
/// replaced as wholes.
/// </summary>
internal static class ThreeWayMerge
{
    /// <summary>The annotation in which kubectl, and we, keep what was applied.</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Returns the patch; empty when nothing has to change.</summary>
    /// <param name="last">What was applied last time; null at the first time.</param>
    /// <param name="wanted">What is to be applied now.</param>
    /// <param name="live">What the server has.</param>
    public static JsonObject Patch(JsonObject? last, JsonObject wanted, JsonObject live)
    {
        var patch = new JsonObject();
        if (last is not null)
        {
            foreach (var (name, _) in last)
            {
                if (!wanted.ContainsKey(name) && live.ContainsKey(name)) patch[name] = null;
            }
        }
        foreach (var (name, value) in wanted)
        {
            // A null in a manifest asks for nothing; in a merge patch it would delete.
            if (value is null) continue;
            var there = live[name];
            if (value is JsonObject child && there is JsonObject liveChild)
            {
                var inner = Patch(last?[name] as JsonObject, child, liveChild);
                if (inner.Count > 0) patch[name] = inner;
            }
            else if (!JsonNode.DeepEquals(value, there))
            {
                patch[name] = value.DeepClone();
            }
        }
        return patch;
    }

    /// <summary>The object with the annotation that the next apply compares with.</summary>
    public static JsonObject WithLastApplied(JsonObject wanted)
    {
        var bare = (JsonObject)wanted.DeepClone();
        if (bare["metadata"]?["annotations"] is JsonObject old) old.Remove(LastApplied);
        var marked = (JsonObject)bare.DeepClone();
        var metadata = marked["metadata"] as JsonObject ?? [];
        marked["metadata"] = metadata;
        var annotations = metadata["annotations"] as JsonObject ?? [];
        metadata["annotations"] = annotations;
        annotations[LastApplied] = bare.ToJsonString() + "\n";
        return marked;
    }

    /// <summary>What the live object says was applied last time; null when it says nothing.</summary>
    public static JsonObject? LastAppliedOf(JsonObject live) =>
        live["metadata"]?["annotations"]?[LastApplied]?.GetValue<string>() is { } text ? JsonNode.Parse(text) as JsonObject : null;
}
