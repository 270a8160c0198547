using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Apply;

/// <summary>Tells which fields an object has.</summary>
internal static class AppliedFields
{
    private static readonly string[] Book = ["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields", "generateName", "deletionTimestamp"];

    /// <summary>Every field of an object except its identity and the server's book-keeping, which nobody owns.</summary>
    public static FieldSet Of(JsonObject value, TypeSchema type)
    {
        var set = new FieldSet();
        Add(value, type, set);
        var book = new FieldSet();
        book.Ensure("f:apiVersion").Owned = true;
        book.Ensure("f:kind").Owned = true;
        foreach (var name in Book)
        {
            if (set.Find("f:metadata")?.Find($"f:{name}") is { } kept)
                book.Ensure("f:metadata").Ensure($"f:{name}").Add(kept);
        }

        if (set.Find("f:metadata") is { Owned: true })
            book.Ensure("f:metadata").Owned = true;
        set.Remove(book);
        return set;
    }

    private static void Add(JsonObject value, TypeSchema type, FieldSet set)
    {
        foreach (var (name, child) in value)
        {
            if (child is not null && type.TryField(name, out var field))
                Add(child, field, set.Ensure(FieldSteps.Field(name)));
        }
    }

    private static void Add(JsonNode value, FieldSchema schema, FieldSet set)
    {
        switch (schema.Shape, value)
        {
            case (FieldShape.Object, JsonObject { Count: > 0 } fields):
                Add(fields, schema.Type!, set);
                break;
            case (FieldShape.Map, JsonObject { Count: > 0 } map):
                foreach (var (key, item) in map)
                {
                    var place = set.Ensure(FieldSteps.Field(key));
                    if (item is not null)
                        Add(item, schema.Items!, place);
                    place.Owned = true;
                }

                break;
            case (FieldShape.List, JsonArray { Count: > 0 } list) when schema.Merge is { } merge:
                foreach (var item in list)
                {
                    if (FieldSteps.Element(item, merge) is not { } step)
                        continue;
                    var place = set.Ensure(step);
                    if (item is not null)
                        Add(item, schema.Items!, place);
                    place.Owned = true;
                }

                break;
            default:
                set.Owned = true;
                break;
        }
    }
}
