using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>
/// Looks into documents that may have any shape: a field of another type than expected reads as absent. What has a wrong
/// type is reported by the schema check, not by an exception from the middle of something else.
/// </summary>
internal static class Documents
{
    public static JsonObject? Child(this JsonObject? document, string name) => document?[name] as JsonObject;

    public static JsonArray? List(this JsonObject? document, string name) => document?[name] as JsonArray;

    public static string Text(this JsonObject? document, string name) =>
        document?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    public static long? Whole(this JsonObject? document, string name) =>
        document?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long number) ? number : null;

    public static bool Flag(this JsonObject? document, string name) =>
        document?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The metadata; made when missing or not an object.</summary>
    public static JsonObject Metadata(this JsonObject document) => document.Ensure("metadata");

    public static JsonObject Ensure(this JsonObject document, string name)
    {
        if (document[name] is JsonObject present) return present;
        var made = new JsonObject();
        document[name] = made;
        return made;
    }

    public static IReadOnlyList<string> Texts(this JsonObject? document, string name) => document.List(name) is { } list
        ? [.. list.OfType<JsonValue>().Select(v => v.TryGetValue(out string? text) ? text : "").Where(t => t.Length > 0)]
        : [];

    public static void SetTexts(this JsonObject document, string name, IReadOnlyCollection<string> values)
    {
        if (values.Count == 0) document.Remove(name);
        else document[name] = new JsonArray([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);
    }

    /// <summary>Sets a field to a copy of another document's, or removes it when that has none.</summary>
    public static void CopyFrom(this JsonObject document, JsonObject other, string name)
    {
        if (other[name] is { } value) document[name] = value.DeepClone();
        else document.Remove(name);
    }

    public static JsonObject Copy(this JsonObject document) => (JsonObject)document.DeepClone();
}
