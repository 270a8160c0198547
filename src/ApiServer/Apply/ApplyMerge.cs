using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Apply;

/// <summary>Puts an applied configuration into an object, and takes fields out.</summary>
internal static class ApplyMerge
{
    /// <summary>Writes every field of a configuration into an object, in place. Lists merge by their keys where the schema says so.</summary>
    public static void Put(JsonObject target, JsonObject configuration, TypeSchema type)
    {
        foreach (var (name, value) in configuration)
        {
            if (value is not null)
                target[name] = type.TryField(name, out var field) ? Merged(target[name], value, field) : value.DeepClone();
        }
    }

    /// <summary>Takes the fields of a set out of an object, in place, except where others have fields below.</summary>
    /// <param name="target">The object.</param>
    /// <param name="fields">What goes.</param>
    /// <param name="others">What others have, which stays.</param>
    public static void TakeOut(JsonNode target, FieldSet fields, FieldSet? others)
    {
        foreach (var (step, child) in fields.Children)
        {
            var kept = others?.Find(step);
            var value = FieldSteps.Follow(target, step);
            if (value is null)
                continue;
            if (kept is null && child.Owned)
            {
                Drop(target, step);
                continue;
            }

            TakeOut(value, child, kept);
            // What is empty now held nothing but what went.
            if (kept is null && value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
                Drop(target, step);
        }
    }

    private static void Drop(JsonNode target, string step)
    {
        if (target is JsonObject fields)
            fields.Remove(step[2..]);
        else if (target is JsonArray list && FieldSteps.Find(list, step) is >= 0 and var at)
            list.RemoveAt(at);
    }

    private static JsonNode Merged(JsonNode? target, JsonNode value, FieldSchema schema)
    {
        // A node stays where it is in the tree, so what is merged in place is copied first.
        switch (schema.Shape, target, value)
        {
            case (FieldShape.Object, JsonObject fields, JsonObject given):
                var merged = fields.DeepClone().AsObject();
                Put(merged, given, schema.Type!);
                return merged;
            case (FieldShape.Map, JsonObject map, JsonObject given):
                var grown = map.DeepClone().AsObject();
                foreach (var (key, item) in given)
                    grown[key] = item is null ? null : Merged(grown[key], item, schema.Items!);
                return grown;
            case (FieldShape.List, JsonArray list, JsonArray given) when schema.Merge is { } merge:
                return MergedList(list.DeepClone().AsArray(), given, schema.Items!, merge);
            default:
                return value.DeepClone();
        }
    }

    private static JsonArray MergedList(JsonArray list, JsonArray given, FieldSchema items, ListMerge merge)
    {
        foreach (var item in given)
        {
            int at = FieldSteps.Element(item, merge) is { } step ? FieldSteps.Find(list, step) : -1;
            if (at < 0)
                list.Add(item?.DeepClone());
            else if (item is not null)
                list[at] = Merged(list[at], item, items);
        }

        return list;
    }
}
