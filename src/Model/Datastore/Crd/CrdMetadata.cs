using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>
/// An object's metadata within a custom resource: all of it is the text of one annotation, except what Kubernetes itself has
/// to know. Labels and annotations that are the product's own stand in both places, so that the API server can select by them; others
/// that somebody put outside stay outside, where Helm and the like look for them.
/// </summary>
internal static class CrdMetadata
{
    public const string Annotation = "projectcalico.org/metadata";

    private const string DefaultTierPrefix = Tier.DefaultName + ".";
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="kind">The kind.</param>
    /// <param name="given">The object's metadata.</param>
    /// <param name="before">That of the custom resource that is replaced; null where there is none.</param>
    public static JsonObject ToStored(CrdKind kind, JsonObject given, JsonObject? before = null)
    {
        var outside = new JsonObject();
        var inside = new JsonObject { ["creationTimestamp"] = null };
        foreach (var (field, value) in given)
        {
            bool known = field is "namespace" or "resourceVersion" or "uid" or "name";
            if (known && value is not null)
                outside[field] = field == "uid" ? CrdUid.Convert(value.ToString()) : value.DeepClone();
            if ((!known && field != "selfLink") || (field == "name" && kind.KeepsName))
                inside[field] = value?.DeepClone();
        }

        ConvertOwners(inside, [kind.Api.ApiVersion], CrdKind.ApiVersion);
        var labels = Outside(inside, before, "labels");
        if (labels.Count > 0)
            outside["labels"] = labels;
        var annotations = Outside(inside, before, "annotations");
        annotations[Annotation] = Text(inside);
        outside["annotations"] = annotations;
        return outside;
    }

    public static JsonObject ToApi(CrdKind kind, JsonObject stored, string tier)
    {
        if (stored["uid"] is { } uid)
            stored["uid"] = CrdUid.Convert(uid.ToString());
        stored.Remove("selfLink");
        if (Inside(stored) is not { } inside)
        {
            // Written by hand, or unreadable: what the custom resource says about itself holds. The book of who set which
            // field speaks of another version.
            stored.Remove("managedFields");
            return stored;
        }

        ((JsonObject)stored["annotations"]!).Remove(Annotation);
        string name = inside["name"]?.ToString() ?? "";
        if (name.Length == 0)
            name = NameOf(kind, stored["name"]?.ToString() ?? "", tier);
        ConvertOwners(inside, [kind.Api.ApiVersion, CrdKind.ApiVersion], kind.Api.ApiVersion);
        inside["name"] = name;
        foreach (string field in (string[])["namespace", "resourceVersion", "uid"])
            Replace(inside, field, stored[field]);
        Replace(inside, "labels", Merged(stored["labels"], inside["labels"]));
        Replace(inside, "annotations", Merged(stored["annotations"], inside["annotations"]));
        if (inside["creationTimestamp"] is null)
            Replace(inside, "creationTimestamp", stored["creationTimestamp"]);
        return inside;
    }

    /// <summary>Once policies of the default tier were stored under a name that begins with the tier's.</summary>
    private static string NameOf(CrdKind kind, string stored, string tier) =>
        kind.KeepsName && tier is "" or Tier.DefaultName && stored.StartsWith(DefaultTierPrefix, StringComparison.Ordinal)
            ? stored[DefaultTierPrefix.Length..]
            : stored;

    private static JsonObject? Inside(JsonObject stored)
    {
        if ((stored["annotations"] as JsonObject)?[Annotation] is not JsonValue text)
            return null;
        try
        {
            return JsonNode.Parse(text.ToString()) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Before the uids of the two forms were told apart, owners were written as they are read: both are taken.
    private static void ConvertOwners(JsonObject metadata, ReadOnlySpan<string> from, string to)
    {
        foreach (var owner in metadata["ownerReferences"] as JsonArray ?? [])
        {
            if (owner is not JsonObject reference || !from.Contains(reference["apiVersion"]?.ToString() ?? ""))
                continue;
            reference["apiVersion"] = to;
            if (reference["uid"] is { } uid)
                reference["uid"] = CrdUid.Convert(uid.ToString());
        }
    }

    /// <summary>What stands outside of a map; keys that were outside, and are not the product's, leave the annotation.</summary>
    private static JsonObject Outside(JsonObject inside, JsonObject? before, string map)
    {
        var outside = new JsonObject();
        if (inside[map] is not JsonObject given)
            return outside;
        foreach (var (key, value) in given.ToArray())
        {
            if (key == Annotation)
                continue;
            bool foreign = !IsOwn(key) && before?[map] is JsonObject earlier && earlier.ContainsKey(key);
            if (foreign || IsOwn(key))
                outside[key] = value?.DeepClone();
            if (foreign)
                given.Remove(key);
        }

        return outside;
    }

    private static bool IsOwn(string key) =>
        key.Contains("projectcalico.org/", StringComparison.Ordinal) || key.Contains("operator.tigera.io/", StringComparison.Ordinal);

    private static JsonObject? Merged(JsonNode? outside, JsonNode? inside)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in outside as JsonObject ?? [])
            merged[key] = value?.DeepClone();
        foreach (var (key, value) in inside as JsonObject ?? [])
            merged[key] = value?.DeepClone();
        // An empty map that was written stays an empty map.
        return merged.Count > 0 || inside is JsonObject ? merged : null;
    }

    private static void Replace(JsonObject target, string field, JsonNode? value)
    {
        target.Remove(field);
        if (value is not null)
            target[field] = value.Parent is null ? value : value.DeepClone();
    }

    private static string Text(JsonObject metadata)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            metadata.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
