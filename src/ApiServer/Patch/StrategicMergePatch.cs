using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Patch;

/// <summary>
/// Kubernetes' strategic merge patch: a merge patch that knows by which field the elements of a list are told apart, so
/// that one of them can be changed, added or (<c>$patch: delete</c>) removed. Lists without such a field are replaced.
/// </summary>
internal sealed class StrategicMergePatch(JsonObject patch, IPatchSchema schema) : Patch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder/";
    private const string DeleteFromList = "$deleteFromPrimitiveList/";

    public override JsonObject Apply(JsonObject current) => Merge(current, patch, "");

    private JsonObject Merge(JsonObject target, JsonObject change, string path)
    {
        switch (change.Text(Directive))
        {
            case "" or "merge":
                break;
            case "replace":
                return Plain(change);
            case "delete":
                return [];
            case var other:
                throw Failures.BadRequest($"strategic merge patch: $patch can be merge, replace or delete, not {other}");
        }
        foreach (var (name, value) in change)
        {
            if (name.StartsWith('$')) continue;
            if (value is null || (value is JsonObject gone && gone.Text(Directive) == "delete")) target.Remove(name);
            else MergeField(target, name, value, Join(path, name));
        }
        foreach (var (name, value) in change)
        {
            if (name.StartsWith(DeleteFromList, StringComparison.Ordinal)) RemoveValues(target, name[DeleteFromList.Length..], value);
        }
        foreach (var (name, value) in change)
        {
            if (name.StartsWith(ElementOrder, StringComparison.Ordinal) && value is JsonArray order)
                Reorder(target, name[ElementOrder.Length..], order, path);
        }
        if (change.List(RetainKeys) is not null)
        {
            var retained = change.Texts(RetainKeys).ToHashSet();
            foreach (string name in target.Select(p => p.Key).Where(k => !retained.Contains(k)).ToArray()) target.Remove(name);
        }
        return target;
    }

    private void MergeField(JsonObject target, string name, JsonNode value, string path)
    {
        switch (value)
        {
            case JsonObject inner:
                JsonObject present = target[name] as JsonObject ?? [];
                JsonObject merged = Merge(present, inner, path);
                if (!ReferenceEquals(merged, target[name])) target[name] = merged;
                break;
            case JsonArray list when schema.MergeOf(path) is { } merge:
                JsonArray into = target[name] as JsonArray ?? [];
                if (into.Parent is null) target[name] = into;
                if (merge.PatchKey is { } key) MergeElements(into, list, key, path);
                else AddValues(into, list);
                break;
            default:
                target[name] = value.DeepClone();
                break;
        }
    }

    private void MergeElements(JsonArray target, JsonArray change, string key, string path)
    {
        if (change.OfType<JsonObject>().Any(e => e.Text(Directive) == "replace")) target.Clear();
        foreach (JsonNode? entry in change)
        {
            if (entry is not JsonObject element)
                throw Failures.BadRequest($"strategic merge patch: the elements of {path} must be objects");
            string directive = element.Text(Directive);
            // The element that only says "replace" is the order to do so, not an element.
            if (directive == "replace" && element.Count == 1) continue;
            if (element[key] is not { } id)
                throw Failures.BadRequest($"strategic merge patch: an element of {path} does not have the key {key}");
            int at = IndexOf(target, key, id);
            if (directive == "delete")
            {
                if (at >= 0) target.RemoveAt(at);
            }
            else if (at < 0) target.Add(Merge([], WithoutDirective(element), path));
            else if (target[at] is JsonObject present)
            {
                JsonObject merged = Merge(present, WithoutDirective(element), path);
                if (!ReferenceEquals(merged, present)) target[at] = merged;
            }
        }
    }

    private static void AddValues(JsonArray target, JsonArray change)
    {
        foreach (JsonNode? value in change)
            if (!target.Any(v => JsonNode.DeepEquals(v, value))) target.Add(value?.DeepClone());
    }

    private static void RemoveValues(JsonObject target, string name, JsonNode? values)
    {
        if (target[name] is not JsonArray list || values is not JsonArray gone) return;
        for (int i = list.Count - 1; i >= 0; i--)
            if (gone.Any(v => JsonNode.DeepEquals(v, list[i]))) list.RemoveAt(i);
    }

    /// <summary>Puts the elements that the patch knows into its order; the others keep their place among them.</summary>
    private void Reorder(JsonObject target, string name, JsonArray order, string path)
    {
        if (target[name] is not JsonArray list) return;
        string? key = schema.MergeKey(Join(path, name));
        int Rank(JsonNode? element)
        {
            for (int i = 0; i < order.Count; i++)
                if (JsonNode.DeepEquals(Id(order[i], key), Id(element, key))) return i;
            return -1;
        }
        var elements = list.Select((element, index) => (Element: element, Index: index, Rank: Rank(element))).ToList();
        var known = new Queue<(JsonNode? Element, int Index, int Rank)>(elements.Where(e => e.Rank >= 0).OrderBy(e => e.Rank));
        var result = new List<JsonNode?>();
        foreach (var other in elements.Where(e => e.Rank < 0))
        {
            while (known.TryPeek(out var next) && next.Index < other.Index) result.Add(known.Dequeue().Element);
            result.Add(other.Element);
        }
        result.AddRange(known.Select(k => k.Element));
        list.Clear();
        foreach (JsonNode? element in result) list.Add(element);
    }

    private static JsonNode? Id(JsonNode? element, string? key) => key is null ? element : (element as JsonObject)?[key];

    private static int IndexOf(JsonArray list, string key, JsonNode id)
    {
        for (int i = 0; i < list.Count; i++)
            if (list[i] is JsonObject element && JsonNode.DeepEquals(element[key], id)) return i;
        return -1;
    }

    private static JsonObject WithoutDirective(JsonObject element)
    {
        if (!element.ContainsKey(Directive)) return element;
        JsonObject plain = element.Copy();
        plain.Remove(Directive);
        return plain;
    }

    /// <summary>The patch as a value: without directives at any depth.</summary>
    private static JsonObject Plain(JsonObject change)
    {
        JsonObject plain = change.Copy();
        foreach (string name in plain.Select(p => p.Key).Where(k => k.StartsWith('$')).ToArray()) plain.Remove(name);
        foreach (string name in plain.Where(p => p.Value is JsonObject).Select(p => p.Key).ToArray())
            plain[name] = Plain((JsonObject)plain[name]!);
        return plain;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
