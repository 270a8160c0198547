using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>Reading documents of the API server, of which any part may be absent.</summary>
internal static class JsonReading
{
    /// <summary>What a path of keys leads to, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string key in path) node = (node as JsonObject)?[key];
        return node;
    }

    /// <summary>The text there, or null.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The number there, or 0.</summary>
    public static long Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        At(node, path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long number) ? number : 0;

    /// <summary>The elements of the list there; none when there is no list.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (At(node, path) as JsonArray ?? []).OfType<JsonNode>();
}
