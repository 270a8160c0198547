using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>
/// Compares a document with the JSON that its kind has: names every value of a wrong type and every field that the kind does
/// not know, and takes both out, so that the rest can be read and judged.
/// </summary>
internal sealed class FormCheck(bool findUnknown)
{
    private static readonly ConcurrentDictionary<Type, FrozenDictionary<string, JsonPropertyInfo>> Fields = new();

    /// <summary>Values of a wrong type.</summary>
    public List<ValidationError> Errors { get; } = [];

    /// <summary>Fields that the kind does not know.</summary>
    public List<ValidationError> Unknown { get; } = [];

    /// <summary>Checks an object and takes out what is wrong.</summary>
    public void Check(JsonObject value, JsonTypeInfo type) => Object(value, type, "");

    private void Object(JsonObject value, JsonTypeInfo type, string path)
    {
        var fields = Fields.GetOrAdd(type.Type, _ => type.Properties.Where(p => !p.IsExtensionData).ToFrozenDictionary(p => p.Name, StringComparer.Ordinal));
        bool open = !findUnknown || type.Properties.Any(p => p.IsExtensionData);
        List<string>? removed = null;
        foreach (var (name, child) in value)
        {
            string at = path.Length == 0 ? name : $"{path}.{name}";
            if (!fields.TryGetValue(name, out var field))
            {
                if (!open)
                    Unknown.Add(UnknownField(at, name, fields.Keys));
                continue;
            }

            // null means absent, as in Kubernetes.
            if (child is null || !Value(child, type.Options.GetTypeInfo(field.PropertyType), at))
                (removed ??= []).Add(name);
        }

        foreach (string name in removed ?? [])
            value.Remove(name);
    }

    /// <summary>False when the value itself is wrong and has to go.</summary>
    private bool Value(JsonNode value, JsonTypeInfo type, string path)
    {
        switch (type.Kind, value)
        {
            case (JsonTypeInfoKind.Object, JsonObject child):
                Object(child, type, path);
                return true;
            case (JsonTypeInfoKind.Enumerable, JsonArray list):
                return List(list, type.Options.GetTypeInfo(type.ElementType!), path);
            case (JsonTypeInfoKind.Dictionary, JsonObject map):
                return Map(map, type.Options.GetTypeInfo(type.ElementType!), path);
            case (JsonTypeInfoKind.None, _):
                return Plain(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path);
            default:
                return Wrong(value, type.Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object", path);
        }
    }

    private bool List(JsonArray list, JsonTypeInfo item, string path)
    {
        bool good = true;
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is { } value)
                good &= Value(value, item, $"{path}[{i}]");
            else if (item.Type.IsValueType && Nullable.GetUnderlyingType(item.Type) is null)
                good &= Wrong(null, "a value", $"{path}[{i}]");
        }

        return good;
    }

    private bool Map(JsonObject map, JsonTypeInfo item, string path)
    {
        bool good = true;
        foreach (var (key, value) in map)
        {
            if (value is not null)
                good &= Value(value, item, $"{path}[{key}]");
        }

        return good;
    }

    private bool Plain(JsonNode value, Type type, string path)
    {
        var kind = value.GetValueKind();
        if (type == typeof(string))
            return kind == JsonValueKind.String || Wrong(value, "a string", path, Quote(value, kind));
        if (type == typeof(bool))
            return kind is JsonValueKind.True or JsonValueKind.False || Wrong(value, "true or false", path);
        if (type == typeof(double))
            return kind == JsonValueKind.Number || Wrong(value, "a number", path);
        if (type == typeof(Quantity))
            return kind is JsonValueKind.Number or JsonValueKind.String || Wrong(value, "an amount", path);
        if (type == typeof(Protocol) || type == typeof(PolicyPort) || type == typeof(IntOrString))
            return kind == JsonValueKind.String || Whole(value, kind, int.MinValue, int.MaxValue) || Wrong(value, "a whole number or a string", path);
        if (type == typeof(AsNumber))
            return kind == JsonValueKind.String || Whole(value, kind, long.MinValue, long.MaxValue) || Wrong(value, "a whole number or a string", path);
        if (Limits(type) is var (least, most))
            return Whole(value, kind, least, most) || Wrong(value, $"a whole number between {least} and {most}", path);
        return true;
    }

    private static (decimal Least, decimal Most)? Limits(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.UInt64 => (0, ulong.MaxValue),
        _ => null,
    };

    private static bool Whole(JsonNode value, JsonValueKind kind, decimal least, decimal most) =>
        kind == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out decimal number)
        && decimal.IsInteger(number) && number >= least && number <= most
        // "1.0" is whole to people, and no integer to JSON readers.
        && value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0;

    private static string? Quote(JsonNode value, JsonValueKind kind) =>
        kind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number ? $"write it in quotes: \"{value.ToJsonString()}\"" : null;

    private bool Wrong(JsonNode? value, string expected, string path, string? advice = null)
    {
        string found = value?.GetValueKind() switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "the number " + value.ToJsonString(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            null or JsonValueKind.Null => "null",
            _ => throw new UnreachableException(),
        };
        Errors.Add(new ValidationError(CauseReason.TypeInvalid, path, value?.ToJsonString(), $"Invalid value: expected {expected}, found {found}") { Advice = advice ?? $"write {expected}" });
        return false;
    }

    private static ValidationError UnknownField(string path, string name, IEnumerable<string> known)
    {
        string? meant = known.Where(k => WordDistance.Between(k, name) <= Math.Max(1, name.Length / 4)).MinBy(k => WordDistance.Between(k, name));
        return new(CauseReason.Unknown, path, name, $"unknown field \"{path}\"") { Advice = meant is null ? $"remove {path}" : $"did you mean {meant}?" };
    }
}
