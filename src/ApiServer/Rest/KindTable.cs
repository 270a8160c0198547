using System.Collections.Frozen;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>The kinds that are served, by what paths and objects call them.</summary>
internal sealed class KindTable
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), ServedKind> _byPath;
    private readonly FrozenDictionary<GroupVersionKind, ServedKind> _byKind;

    /// <param name="kinds">The kinds that are served.</param>
    /// <param name="namespaces">The kind of namespaces, where it is not among them.</param>
    public KindTable(IReadOnlyList<ServedKind> kinds, ServedKind? namespaces = null)
    {
        All = kinds;
        _byPath = kinds.ToFrozenDictionary(k => (k.Gvk.Group, k.Gvk.Version, k.Plural));
        _byKind = kinds.ToFrozenDictionary(k => k.Gvk);
        Namespaces = namespaces ?? Find("v1", "Namespace")!;
    }

    public IReadOnlyList<ServedKind> All { get; }

    public ServedKind Namespaces { get; }

    public ServedKind? Find(RequestPath path) => _byPath.GetValueOrDefault((path.Group, path.Version, path.Resource));

    public ServedKind? Find(string apiVersion, string kind) => _byKind.GetValueOrDefault(GroupVersionKind.Of(apiVersion, kind));

    /// <summary>The kind of a storage key.</summary>
    public ServedKind? OfKey(string key)
    {
        string[] parts = key.Split('/', 4);
        if (parts.Length < 4) return null;
        string group = parts[1] == "core" ? "" : parts[1];
        return All.FirstOrDefault(k => k.Gvk.Group == group && k.Plural == parts[2]);
    }
}
