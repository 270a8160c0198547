using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Definitions;

/// <summary>
/// Writes types as the structural schemas of custom resource definitions (apiextensions.k8s.io/v1): everything in place, no
/// references, each field with a type. Rules about meaning are left to the API server that serves version 3.
/// </summary>
internal static class StructuralSchema
{
    /// <summary>The schema of a kind as a whole.</summary>
    public static JsonObject OfKind(TypeSchema type)
    {
        var properties = new JsonObject();
        foreach (var (name, field) in type.Fields)
        {
            properties[name] = name switch
            {
                "apiVersion" or "kind" => new JsonObject { ["type"] = "string" },
                // Kubernetes' own business.
                "metadata" => new JsonObject { ["type"] = "object" },
                _ => Of(field),
            };
        }
        return Described(new JsonObject { ["type"] = "object", ["properties"] = properties }, type.Description);
    }

    private static JsonObject Of(FieldSchema field)
    {
        JsonObject schema = Shape(field);
        if (field.Nullable) schema["nullable"] = true;
        return Described(schema, field.Description);
    }

    private static JsonObject Shape(FieldSchema field) => field.Shape switch
    {
        FieldShape.Any => new() { ["x-kubernetes-preserve-unknown-fields"] = true },
        FieldShape.Object => Fields(field.Type!),
        FieldShape.Map => new() { ["type"] = "object", ["additionalProperties"] = Of(field.Items!) },
        FieldShape.List => new() { ["type"] = "array", ["items"] = Of(field.Items!) },
        FieldShape.IntOrString => new() { ["x-kubernetes-int-or-string"] = true },
        FieldShape.Boolean => new() { ["type"] = "boolean" },
        FieldShape.Integer => Formatted("integer", field.Format),
        FieldShape.Number => new() { ["type"] = "number" },
        _ => Text(field),
    };

    private static JsonObject Fields(TypeSchema type)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (type.Fields.Count > 0) schema["properties"] = new JsonObject(type.Fields.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)Of(field.Value))));
        return schema;
    }

    private static JsonObject Text(FieldSchema field)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.Values.Count > 0) schema["enum"] = new JsonArray([.. field.Values.Select(value => (JsonNode)value)]);
        return schema;
    }

    private static JsonObject Formatted(string type, string format)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format.Length > 0) schema["format"] = format;
        return schema;
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        if (description.Length > 0) schema["description"] = description;
        return schema;
    }
}
