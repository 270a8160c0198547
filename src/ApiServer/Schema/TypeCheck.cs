using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Schema;

/// <summary>
/// Compares an object with its kind's schema and reports every difference at once, in the words Kubernetes uses for custom resources.
/// What a field means is checked elsewhere; here only JSON types, required fields and enumerations are.
/// </summary>
internal static class TypeCheck
{
    /// <summary>Everything in an object that is not as the schema says; unknown fields are not reported.</summary>
    public static IReadOnlyList<FieldError> Check(JsonObject value, TypeSchema type)
    {
        var errors = new List<FieldError>();
        CheckObject(value, type, "", errors);
        return errors;
    }

    private static void CheckObject(JsonObject value, TypeSchema type, string path, List<FieldError> errors)
    {
        foreach (var (name, child) in value)
        {
            // null means absent, as in Kubernetes.
            if (child is not null && type.TryField(name, out var field))
                Check(child, field, Join(path, name), errors);
        }

        foreach (var name in type.Required)
        {
            if (value[name] is null)
                errors.Add(new("FieldValueRequired", Join(path, name), "Required value"));
        }
    }

    private static void Check(JsonNode value, FieldSchema schema, string path, List<FieldError> errors)
    {
        if (!Fits(value, schema.Shape))
        {
            errors.Add(WrongType(value, schema.Shape, path));
            return;
        }

        switch (schema.Shape)
        {
            case FieldShape.Object:
                CheckObject((JsonObject)value, schema.Type!, path, errors);
                break;
            case FieldShape.Map:
                foreach (var (key, item) in (JsonObject)value)
                {
                    if (item is not null)
                        Check(item, schema.Items!, Join(path, key), errors);
                }

                break;
            case FieldShape.List:
                var list = (JsonArray)value;
                for (int i = 0; i < list.Count; i++)
                {
                    if (list[i] is { } item)
                        Check(item, schema.Items!, $"{path}[{i}]", errors);
                    else if (!schema.Items!.Nullable)
                        errors.Add(new("FieldValueTypeInvalid", $"{path}[{i}]", $"Invalid value: \"null\": {path}[{i}] in body must be of type {Name(schema.Items!.Shape)}: \"null\""));
                }

                break;
            case FieldShape.String when schema.Values.Count > 0 && !schema.Values.Contains(value.GetValue<string>(), StringComparer.Ordinal):
                var allowed = string.Join(", ", schema.Values.Select(v => $"\"{v}\""));
                errors.Add(new("FieldValueNotSupported", path, $"Unsupported value: \"{value.GetValue<string>()}\": supported values: {allowed}"));
                break;
        }
    }

    private static FieldError WrongType(JsonNode value, FieldShape shape, string path)
    {
        var found = Found(value);
        return new("FieldValueTypeInvalid", path, $"Invalid value: \"{found}\": {path} in body must be of type {Name(shape)}: \"{found}\"");
    }

    private static bool Fits(JsonNode value, FieldShape shape) => shape switch
    {
        FieldShape.Any => true,
        FieldShape.Object or FieldShape.Map => value is JsonObject,
        FieldShape.List => value is JsonArray,
        FieldShape.String => Is(value, JsonValueKind.String),
        FieldShape.Boolean => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        FieldShape.Number => Is(value, JsonValueKind.Number),
        FieldShape.Integer => IsWhole(value),
        FieldShape.IntOrString => Is(value, JsonValueKind.String) || IsWhole(value),
        FieldShape.Quantity => Is(value, JsonValueKind.String) || Is(value, JsonValueKind.Number),
        _ => throw new System.Diagnostics.UnreachableException($"No check for {shape}."),
    };

    private static bool IsWhole(JsonNode value)
    {
        if (!Is(value, JsonValueKind.Number))
            return false;
        return double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number)
            && Math.Floor(number).Equals(number);
    }

    private static bool Is(JsonNode value, JsonValueKind kind) => value.GetValueKind() == kind;

    private static string Found(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => IsWhole(value) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    private static string Name(FieldShape shape) => shape switch
    {
        FieldShape.Object or FieldShape.Map => "object",
        FieldShape.List => "array",
        FieldShape.Integer => "integer",
        FieldShape.Number => "number",
        FieldShape.Boolean => "boolean",
        FieldShape.IntOrString => "integer,string",
        _ => "string",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
