using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Apply;

/// <summary>Names the steps from a value to what is below it.</summary>
internal static class FieldSteps
{
    /// <summary>The step to a field or to the key of a map.</summary>
    public static string Field(string name) => $"f:{name}";

    /// <summary>The step to an element of a merged list; null when the element has none of the keys.</summary>
    public static string? Element(JsonNode? element, ListMerge merge)
    {
        if (merge.MapKeys.Count == 0)
            return $"v:{element?.ToJsonString() ?? "null"}";
        if (element is not JsonObject item)
            return null;
        var keys = new JsonObject();
        foreach (var key in merge.MapKeys.Order(StringComparer.Ordinal))
        {
            if (KeyValue(item, key) is { } value)
                keys[key] = value.DeepClone();
        }

        return keys.Count == 0 ? null : $"k:{keys.ToJsonString()}";
    }

    /// <summary>The place of the element in a list that a step leads to, or -1.</summary>
    public static int Find(JsonArray list, string step)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (Matches(list[i], step))
                return i;
        }

        return -1;
    }

    /// <summary>The value one step on, or null.</summary>
    public static JsonNode? Follow(JsonNode? value, string step) => (step[..2], value) switch
    {
        ("f:", JsonObject fields) => fields[step[2..]],
        ("k:" or "v:", JsonArray list) when Find(list, step) is >= 0 and var at => list[at],
        _ => null,
    };

    private static bool Matches(JsonNode? element, string step)
    {
        if (step.StartsWith("v:", StringComparison.Ordinal))
            return step.AsSpan(2).SequenceEqual(element?.ToJsonString() ?? "null");
        if (element is not JsonObject item || JsonNode.Parse(step[2..]) is not JsonObject keys)
            return false;
        return keys.All(key => JsonNode.DeepEquals(KeyValue(item, key.Key), key.Value));
    }

    // The protocol of a port is part of its key, and absent it is TCP.
    private static JsonNode? KeyValue(JsonObject item, string key) => item[key] ?? (key == "protocol" ? "TCP" : null);
}
