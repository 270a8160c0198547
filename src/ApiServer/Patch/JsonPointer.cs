using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Patch;

/// <summary>A place in a document (RFC 6901).</summary>
internal sealed class JsonPointer
{
    private readonly string[] _steps;
    private readonly string _text;

    private JsonPointer(string text, string[] steps) => (_text, _steps) = (text, steps);

    public bool IsRoot => _steps.Length == 0;

    public static JsonPointer Parse(string text)
    {
        if (text.Length > 0 && text[0] != '/') throw Failures.BadRequest($"json patch: \"{text}\" is not a JSON pointer");
        string[] steps = text.Length == 0 ? [] : text[1..].Split('/');
        for (int i = 0; i < steps.Length; i++)
            steps[i] = steps[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return new JsonPointer(text, steps);
    }

    public bool IsInside(JsonPointer other) =>
        _steps.Length > other._steps.Length && other._steps.AsSpan().SequenceEqual(_steps.AsSpan(0, other._steps.Length));

    /// <summary>Finds the value; an existing null is found as null.</summary>
    public bool TryGet(JsonNode? root, out JsonNode? value)
    {
        value = root;
        foreach (string step in _steps)
        {
            switch (value)
            {
                case JsonObject item when item.TryGetPropertyValue(step, out JsonNode? child):
                    value = child;
                    break;
                case JsonArray list when Index(step, list.Count - 1) is { } index:
                    value = list[index];
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    public void Add(JsonNode root, JsonNode? value)
    {
        switch (Parent(root))
        {
            case JsonObject item:
                item[_steps[^1]] = value;
                break;
            case JsonArray list when _steps[^1] == "-":
                list.Add(value);
                break;
            case JsonArray list when Index(_steps[^1], list.Count) is { } index:
                list.Insert(index, value);
                break;
            default:
                throw Missing("add operation does not apply");
        }
    }

    public void Remove(JsonNode root)
    {
        bool removed = Parent(root) switch
        {
            JsonObject item => item.Remove(_steps[^1]),
            JsonArray list when Index(_steps[^1], list.Count - 1) is { } index => RemoveAt(list, index),
            _ => false,
        };
        if (!removed) throw Missing("remove operation does not apply");
    }

    public void Replace(JsonNode root, JsonNode? value)
    {
        if (!TryGet(root, out _)) throw Missing("replace operation does not apply");
        if (Parent(root) is JsonArray list) list[Index(_steps[^1], list.Count - 1)!.Value] = value;
        else ((JsonObject)Parent(root)!)[_steps[^1]] = value;
    }

    public ApiException Missing(string what) => Failures.Unprocessable($"{what}: doc is missing path: \"{_text}\"");

    private JsonNode? Parent(JsonNode root) =>
        new JsonPointer(_text, _steps[..^1]).TryGet(root, out JsonNode? parent) ? parent : null;

    private static bool RemoveAt(JsonArray list, int index)
    {
        list.RemoveAt(index);
        return true;
    }

    private static int? Index(string step, int largest) =>
        step.Length > 0 && (step == "0" || step[0] != '0') && step.All(char.IsAsciiDigit) && int.TryParse(step, out int index) && index <= largest
            ? index
            : null;
}
