using System.Text.Json.Nodes;

namespace Margay.ApiServer.Schema;

/// <summary>
/// Takes away what a kind does not define, as Kubernetes does, and tells what it took: field validation <c>Strict</c> makes an error of
/// it, <c>Warn</c> a warning.
/// </summary>
internal static class UnknownFields
{
    /// <summary>Removes unknown fields from an object, in place.</summary>
    /// <returns>The paths that were removed, for example <c>spec.ingress[0].acton</c>, in document order.</returns>
    public static IReadOnlyList<string> Prune(JsonObject value, TypeSchema type)
    {
        var removed = new List<string>();
        Prune(value, type, "", removed);
        return removed;
    }

    private static void Prune(JsonObject value, TypeSchema type, string path, List<string> removed)
    {
        List<string>? unknown = null;
        foreach (var (name, child) in value)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (!type.TryField(name, out var field))
            {
                (unknown ??= []).Add(name);
                removed.Add(at);
                continue;
            }

            Prune(child, field, at, removed);
        }

        foreach (var name in unknown ?? [])
            value.Remove(name);
    }

    private static void Prune(JsonNode? value, FieldSchema schema, string path, List<string> removed)
    {
        switch (schema.Shape, value)
        {
            case (FieldShape.Object, JsonObject child):
                Prune(child, schema.Type!, path, removed);
                break;
            case (FieldShape.List, JsonArray list):
                for (int i = 0; i < list.Count; i++)
                    Prune(list[i], schema.Items!, $"{path}[{i}]", removed);
                break;
            case (FieldShape.Map, JsonObject map) when schema.Items!.Shape is FieldShape.Object or FieldShape.List or FieldShape.Map:
                foreach (var (key, item) in map)
                    Prune(item, schema.Items, $"{path}.{key}", removed);
                break;
        }
    }
}
