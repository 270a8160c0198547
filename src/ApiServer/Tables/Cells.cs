using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>Takes values out of objects of any shape: whatever is missing or of another type than expected is absent.</summary>
internal static class Cells
{
    /// <summary>What a cell shows when there is nothing.</summary>
    public const string None = "<none>";

    /// <summary>How many elements of a long list a cell shows.</summary>
    private const int Shown = 3;

    /// <summary>The value at a path, or null.</summary>
    public static JsonNode? At(this JsonNode? value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            value = (value as JsonObject)?[name];
        return value;
    }

    /// <summary>The string at a path, or nothing.</summary>
    public static string Text(this JsonNode? value, params ReadOnlySpan<string> path) =>
        value.At(path) is JsonValue found && found.GetValueKind() == JsonValueKind.String ? found.GetValue<string>() : "";

    /// <summary>The string, number or truth value at a path as text, or nothing.</summary>
    public static string Plain(this JsonNode? value, params ReadOnlySpan<string> path) => value.At(path) switch
    {
        JsonValue found when found.GetValueKind() == JsonValueKind.String => found.GetValue<string>(),
        JsonValue found => found.ToJsonString(),
        _ => "",
    };

    /// <summary>Whether there is <c>true</c> at a path.</summary>
    public static bool Flag(this JsonNode? value, params ReadOnlySpan<string> path) =>
        value.At(path) is JsonValue found && found.GetValueKind() == JsonValueKind.True;

    /// <summary>The whole number at a path, or 0.</summary>
    public static long Number(this JsonNode? value, params ReadOnlySpan<string> path) =>
        value.At(path) is JsonValue found && found.GetValueKind() == JsonValueKind.Number && found.TryGetValue(out long number) ? number : 0;

    /// <summary>The elements of the list at a path.</summary>
    public static JsonArray Items(this JsonNode? value, params ReadOnlySpan<string> path) =>
        value.At(path) as JsonArray ?? [];

    /// <summary>The strings of the list at a path.</summary>
    public static IEnumerable<string> Texts(this JsonNode? value, params ReadOnlySpan<string> path) =>
        value.Items(path).Select(item => item.Plain()).Where(text => text.Length > 0);

    /// <summary>The number of keys of the map at a path.</summary>
    public static int Keys(this JsonNode? value, params ReadOnlySpan<string> path) => (value.At(path) as JsonObject)?.Count ?? 0;

    /// <summary>The condition of a type, or null.</summary>
    public static JsonNode? Condition(this JsonNode? value, string type) =>
        value.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    /// <summary>The text, or <c>&lt;none&gt;</c>.</summary>
    public static string OrNone(this string text) => text.Length == 0 ? None : text;

    /// <summary>A list with commas; of a long one the beginning and how many more there are.</summary>
    public static string Short(this IEnumerable<string> values)
    {
        var all = values.ToList();
        var shown = string.Join(",", all.Take(Shown));
        return all.Count > Shown ? $"{shown} + {all.Count - Shown} more..." : shown.OrNone();
    }

    /// <summary>A map as <c>key=value</c> pairs with commas, in the order of the keys.</summary>
    public static string Pairs(this JsonNode? map) =>
        map is JsonObject pairs
            ? string.Join(",", pairs.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value.Plain()}")).OrNone()
            : None;
}
