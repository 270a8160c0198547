using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Margay.ApiServer.Schema;

/// <summary>
/// Reads types from classes: the Kubernetes client's for Kubernetes' own kinds, because they are generated from upstream's
/// specification and so are complete, and ours for the kinds of <c>projectcalico.org</c>.
/// </summary>
/// <param name="names">Gives a class its definition name.</param>
internal sealed class TypeReader(DefinitionNames names)
{
    private readonly Dictionary<Type, TypeSchema> _read = [];

    /// <summary>Every type that was read, by definition name.</summary>
    public IEnumerable<TypeSchema> Types => _read.Values;

    /// <summary>Reads a class and everything it refers to; a class is read once.</summary>
    /// <param name="type">The class.</param>
    /// <param name="root">The kind from which the class was reached; gives shared names their group.</param>
    public TypeSchema Read(Type type, GroupVersionKind root)
    {
        if (_read.TryGetValue(type, out var known))
            return known;
        var shortName = DefinitionNames.Short(type);
        var schema = new TypeSchema(names.Of(type, root), Summaries.Of(type));
        _read.Add(type, schema);

        var fields = new List<KeyValuePair<string, FieldSchema>>();
        var required = new HashSet<string>(RequiredFields.Of(shortName), StringComparer.Ordinal);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.IsDefined(typeof(JsonExtensionDataAttribute)) || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always })
                continue;
            var json = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name;
            if (json is null && IsKubernetes(type))
                continue;
            json ??= JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var described = Shape(property.PropertyType, root) with
            {
                Description = Summaries.Of(type, property.Name),
                Merge = IsKubernetes(type) ? ListMerges.Of(shortName, json) : null,
            };
            fields.Add(new(json, described));
            if (IsKubernetes(type) && property.PropertyType is { IsValueType: true } value && Nullable.GetUnderlyingType(value) is null)
                required.Add(json);
        }

        schema.Complete(fields, required);
        return schema;
    }

    private FieldSchema Shape(Type declared, GroupVersionKind root)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (PlainTypes.TryShape(type, out var plain))
            return plain;
        if (Element(type, typeof(IDictionary<,>)) is [_, var value])
            return new() { Shape = FieldShape.Map, Items = Shape(value, root) };
        if (Element(type, typeof(IEnumerable<>)) is [var element] && type != typeof(string) && !typeof(JsonNode).IsAssignableFrom(type))
            return new() { Shape = FieldShape.List, Items = Shape(element, root) with { Nullable = Nullable.GetUnderlyingType(element) is not null } };
        if (type.IsEnum)
            return new() { Shape = FieldShape.String, Values = PlainTypes.EnumNames(type) };
        if (type.IsValueType || type == typeof(object) || typeof(JsonNode).IsAssignableFrom(type))
            return new() { Shape = FieldShape.Any };
        return new() { Shape = FieldShape.Object, Type = Read(Kubernetes(type), root) };
    }

    // Our classes repeat a few of Kubernetes' general ones; the client's are complete and documented.
    private static Type Kubernetes(Type type) => type switch
    {
        { Namespace: "Margay.Model.Resources", Name: "ObjectMeta" } => typeof(k8s.Models.V1ObjectMeta),
        { Namespace: "Margay.Model.Resources", Name: "Condition" } => typeof(k8s.Models.V1Condition),
        { Namespace: "Margay.Model.Resources", Name: "LabelSelector" } => typeof(k8s.Models.V1LabelSelector),
        _ => type,
    };

    private static Type[]? Element(Type type, Type contract)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == contract)
            return type.GetGenericArguments();
        return type.GetInterfaces()
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == contract)?.GetGenericArguments();
    }

    private static bool IsKubernetes(Type type) => type.Namespace == "k8s.Models";
}
