using System.Collections.Frozen;
using k8s.Models;

namespace Margay.ApiServer.Schema;

/// <summary>The types of every kind this server offers. Built on first use: reading classes takes a moment that the start does not wait for.</summary>
internal sealed class SchemaCatalog
{
    private const string ListMetaDescription = "Standard list metadata.";

    private readonly FrozenDictionary<GroupVersionKind, TypeSchema> _byKind;
    private readonly FrozenDictionary<GroupVersionKind, TypeSchema> _lists;

    /// <summary>Reads the types of the kinds.</summary>
    /// <param name="kinds">The kinds the server offers.</param>
    public SchemaCatalog(IReadOnlyList<ServedKind> kinds)
    {
        Kinds = kinds;
        var reader = new TypeReader(new DefinitionNames());
        var byKind = new Dictionary<GroupVersionKind, TypeSchema>();
        var lists = new Dictionary<GroupVersionKind, TypeSchema>();
        var core = new GroupVersionKind("", "v1", "");
        Status = ReadNamed(reader, typeof(V1Status), core with { Kind = "Status" });
        DeleteOptions = ReadNamed(reader, typeof(V1DeleteOptions), core with { Kind = "DeleteOptions" });
        var listMeta = reader.Read(typeof(V1ListMeta), core);
        // Core first: a type that several groups use belongs to core.
        foreach (var kind in kinds.OrderBy(k => k.Gvk.Group, StringComparer.Ordinal))
        {
            var type = ReadNamed(reader, kind.Type, kind.Gvk);
            byKind.Add(kind.Gvk, type);
            lists.Add(kind.Gvk, ListOf(kind, type, listMeta));
        }

        _byKind = byKind.ToFrozenDictionary();
        _lists = lists.ToFrozenDictionary();
        Types = [.. reader.Types.Concat(_lists.Values).OrderBy(t => t.Name, StringComparer.Ordinal)];
    }

    /// <summary>The kinds the server offers.</summary>
    public IReadOnlyList<ServedKind> Kinds { get; }

    /// <summary>Every type, in the order of the names.</summary>
    public IReadOnlyList<TypeSchema> Types { get; }

    /// <summary>The type of errors and of answers to deletions.</summary>
    public TypeSchema Status { get; }

    /// <summary>The type of the body of deletions.</summary>
    public TypeSchema DeleteOptions { get; }

    /// <summary>The type of a kind, or null when the server does not offer it.</summary>
    public TypeSchema? Find(GroupVersionKind kind) => _byKind.GetValueOrDefault(kind);

    /// <summary>The type of a kind by what an object says it is, or null when the server does not offer it.</summary>
    public TypeSchema? Find(string apiVersion, string kind) => Find(GroupVersionKind.Of(apiVersion, kind));

    /// <summary>The type of a list of a kind.</summary>
    public TypeSchema ListOf(GroupVersionKind kind) => _lists[kind];

    /// <summary>How patches merge a kind's lists; a kind the server does not know has no merged lists.</summary>
    public IPatchSchema PatchSchema(string apiVersion, string kind) =>
        new PatchSchema(Find(apiVersion, kind) ?? new TypeSchema(kind, ""));

    private static TypeSchema ReadNamed(TypeReader reader, Type type, GroupVersionKind kind)
    {
        var schema = reader.Read(type, kind);
        schema.Kinds.Add(kind);
        return schema;
    }

    private static TypeSchema ListOf(ServedKind kind, TypeSchema item, TypeSchema listMeta)
    {
        var list = new TypeSchema($"{item.Name}List", $"{kind.Gvk.Kind}List is a list of {kind.Gvk.Kind} objects.");
        list.Kinds.Add(kind.Gvk with { Kind = $"{kind.Gvk.Kind}List" });
        item.TryField("apiVersion", out var apiVersion);
        item.TryField("kind", out var kindField);
        list.Complete(
        [
            new("apiVersion", apiVersion ?? new() { Shape = FieldShape.String }),
            new("kind", kindField ?? new() { Shape = FieldShape.String }),
            new("metadata", new() { Shape = FieldShape.Object, Type = listMeta, Description = ListMetaDescription }),
            new("items", new()
            {
                Shape = FieldShape.List,
                Items = new() { Shape = FieldShape.Object, Type = item },
                Description = $"The {kind.Plural}.",
            }),
        ],
        ["items"]);
        return list;
    }
}
