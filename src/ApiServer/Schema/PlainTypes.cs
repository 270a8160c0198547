using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Margay.ApiServer.Schema;

/// <summary>The classes that are one JSON value rather than an object.</summary>
internal static class PlainTypes
{
    /// <summary>The shape of a plain class, or false when the class is a list, a map or an object.</summary>
    public static bool TryShape(Type type, out FieldSchema shape)
    {
        shape = type switch
        {
            _ when type == typeof(string) => Of(FieldShape.String),
            _ when type == typeof(bool) => Of(FieldShape.Boolean),
            _ when type == typeof(int) || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) => Of(FieldShape.Integer, "int32"),
            _ when type == typeof(long) || type == typeof(uint) || type == typeof(ulong) => Of(FieldShape.Integer, "int64"),
            _ when type == typeof(double) || type == typeof(float) => Of(FieldShape.Number, "double"),
            _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => Of(FieldShape.String, "date-time"),
            _ when type == typeof(byte[]) => Of(FieldShape.String, "byte"),
            _ when type == typeof(ResourceQuantity) => Of(FieldShape.Quantity),
            _ when type == typeof(IntOrString) => Of(FieldShape.IntOrString, "int-or-string"),
            // Our own values that are a number or a string: ports, protocols.
            { IsValueType: true, Namespace: "Margay.Model.Resources", Name: "Protocol" or "PolicyPort" or "IntOrString" or "AsNumber" } =>
                Of(FieldShape.IntOrString, "int-or-string"),
            { IsValueType: true, Namespace: "Margay.Model.Resources", Name: "Quantity" } => Of(FieldShape.Quantity),
            _ => Of(FieldShape.Any),
        };
        return shape.Shape != FieldShape.Any;
    }

    /// <summary>What the members of an enumeration are called in JSON.</summary>
    public static IReadOnlyList<string> EnumNames(Type type)
    {
        bool camel = type.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType?.Name.Contains("Camel", StringComparison.Ordinal) == true;
        return [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(member =>
            member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? (camel ? JsonNamingPolicy.CamelCase.ConvertName(member.Name) : member.Name))];
    }

    private static FieldSchema Of(FieldShape shape, string format = "") => new() { Shape = shape, Format = format };
}
