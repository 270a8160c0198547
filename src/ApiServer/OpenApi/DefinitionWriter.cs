using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>Writes types as OpenAPI schemas, in the dialect of version 2 or of version 3.</summary>
/// <param name="version3">Whether to write version 3: references beside other words need <c>allOf</c> there, and <c>oneOf</c> exists.</param>
internal sealed class DefinitionWriter(bool version3)
{
    /// <summary>The schema of a type.</summary>
    public JsonObject Write(TypeSchema type)
    {
        var properties = new JsonObject();
        foreach (var (name, field) in type.Fields)
            properties[name] = Write(field);
        var schema = new JsonObject();
        if (type.Description.Length > 0)
            schema["description"] = type.Description;
        schema["type"] = "object";
        if (type.Required.Count > 0)
            schema["required"] = new JsonArray([.. type.Required.Select(r => (JsonNode)r)]);
        if (properties.Count > 0)
            schema["properties"] = properties;
        if (type.Kinds.Count > 0)
            schema["x-kubernetes-group-version-kind"] = new JsonArray([.. type.Kinds.Select(Kind)]);
        return schema;
    }

    /// <summary>A reference to a type.</summary>
    public JsonObject Reference(TypeSchema type) =>
        new() { ["$ref"] = (version3 ? "#/components/schemas/" : "#/definitions/") + type.Name };

    /// <summary>A kind as extensions write it.</summary>
    public static JsonObject Kind(GroupVersionKind kind) =>
        new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version };

    private JsonObject Write(FieldSchema field)
    {
        var schema = Shape(field);
        if (field.Description.Length > 0)
        {
            if (version3 && schema.ContainsKey("$ref"))
                schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
            schema["description"] = field.Description;
        }

        if (field.Shape == FieldShape.List)
            WriteMerge(schema, field.Merge);
        return schema;
    }

    private JsonObject Shape(FieldSchema field)
    {
        switch (field.Shape)
        {
            case FieldShape.Any:
                return [];
            case FieldShape.Object:
                return Reference(field.Type!);
            case FieldShape.Map:
                return new() { ["type"] = "object", ["additionalProperties"] = Write(field.Items!) };
            case FieldShape.List:
                return new() { ["type"] = "array", ["items"] = Write(field.Items!) };
            case FieldShape.IntOrString when version3:
                return new() { ["oneOf"] = OneOf("integer", "string"), ["format"] = "int-or-string" };
            case FieldShape.Quantity when version3:
                return new() { ["oneOf"] = OneOf("string", "number") };
            default:
                return Plain(field);
        }
    }

    private static JsonObject Plain(FieldSchema field)
    {
        var schema = new JsonObject
        {
            ["type"] = field.Shape switch
            {
                FieldShape.Boolean => "boolean",
                FieldShape.Integer => "integer",
                FieldShape.Number => "number",
                _ => "string",
            },
        };
        if (field.Format.Length > 0)
            schema["format"] = field.Format;
        if (field.Values.Count > 0)
            schema["enum"] = new JsonArray([.. field.Values.Select(v => (JsonNode)v)]);
        return schema;
    }

    private static JsonArray OneOf(string first, string second) =>
        [new JsonObject { ["type"] = first }, new JsonObject { ["type"] = second }];

    private static void WriteMerge(JsonObject schema, ListMerge? merge)
    {
        if (merge is null)
        {
            schema["x-kubernetes-list-type"] = "atomic";
            return;
        }

        schema["x-kubernetes-list-type"] = merge.MapKeys.Count == 0 ? "set" : "map";
        if (merge.MapKeys.Count > 0)
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. merge.MapKeys.Select(k => (JsonNode)k)]);
        if (merge.PatchKey is not null)
            schema["x-kubernetes-patch-merge-key"] = merge.PatchKey;
        schema["x-kubernetes-patch-strategy"] = merge.PatchStrategy;
    }
}
