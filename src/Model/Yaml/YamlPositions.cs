using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Margay.Model.Yaml;

/// <summary>Where in a text each value stands: filled while the text is read, for messages about single fields.</summary>
public sealed class YamlPositions
{
    private readonly Dictionary<JsonNode, (int Line, int Column)> _places = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the place of a field; of the nearest value around it when the field itself is absent.</summary>
    /// <param name="root">The document or an object in it.</param>
    /// <param name="path">The field's path as validation writes it, for example <c>spec.ingress[0].protocol</c> or <c>metadata.labels[a.b/c]</c>.</param>
    /// <returns>Line and column, from 1; null when not even the root was read with positions.</returns>
    public (int Line, int Column)? Find(JsonNode root, string path)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(path);
        (int Line, int Column)? best = _places.TryGetValue(root, out var place) ? place : null;
        JsonNode? node = root;
        foreach (string step in Steps(path))
        {
            node = node switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count => list[index],
                _ => null,
            };
            if (node is null) break;
            if (_places.TryGetValue(node, out place)) best = place;
        }
        return best;
    }

    internal void Add(JsonNode? node, Mark start)
    {
        if (node is not null) _places.TryAdd(node, ((int)start.Line, (int)start.Column));
    }

    /// <summary>Dots separate names; brackets hold an index or a key, which may have dots.</summary>
    private static IEnumerable<string> Steps(string path)
    {
        int at = 0;
        while (at < path.Length)
        {
            if (path[at] == '.') at++;
            bool bracket = at < path.Length && path[at] == '[';
            int end = bracket ? path.IndexOf(']', at) : path.AsSpan(at).IndexOfAny('.', '[') is >= 0 and var length ? at + length : path.Length;
            if (end < 0) yield break;
            yield return bracket ? path[(at + 1)..end] : path[at..end];
            at = bracket ? end + 1 : end;
        }
    }
}
