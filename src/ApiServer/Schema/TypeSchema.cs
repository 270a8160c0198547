using System.Diagnostics.CodeAnalysis;

namespace Margay.ApiServer.Schema;

/// <summary>A named object type: a definition in the OpenAPI documents.</summary>
/// <param name="name">The definition's name, for example <c>io.k8s.api.core.v1.Pod</c>.</param>
/// <param name="description">What people read about it.</param>
internal sealed class TypeSchema(string name, string description)
{
    private readonly Dictionary<string, FieldSchema> _byName = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, FieldSchema>> _fields = [];
    private readonly List<string> _required = [];

    /// <summary>The definition's name.</summary>
    public string Name { get; } = name;

    /// <summary>What people read about it.</summary>
    public string Description { get; } = description;

    /// <summary>The kinds that are this type; several for a type such as DeleteOptions that every group knows.</summary>
    public List<GroupVersionKind> Kinds { get; } = [];

    /// <summary>The fields in the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, FieldSchema>> Fields => _fields;

    /// <summary>The fields that must be there, in the order of their names.</summary>
    public IReadOnlyList<string> Required => _required;

    /// <summary>Finds a field by its JSON name, which is case-sensitive as in Kubernetes.</summary>
    public bool TryField(string field, [NotNullWhen(true)] out FieldSchema? schema) => _byName.TryGetValue(field, out schema);

    /// <summary>Types refer to themselves, so fields come after construction; only readers of types call this.</summary>
    internal void Complete(IEnumerable<KeyValuePair<string, FieldSchema>> fields, IEnumerable<string> required)
    {
        foreach (var field in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            _fields.Add(field);
            _byName.Add(field.Key, field.Value);
        }

        _required.AddRange(required.Order(StringComparer.Ordinal));
    }
}
