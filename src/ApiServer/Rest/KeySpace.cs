using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>How objects are named in storage: <c>/group/plural/namespace/name</c>, without a namespace for cluster kinds.</summary>
internal static class KeySpace
{
    public static string Of(ServedKind kind, string space, string name) => Collection(kind, space) + name;

    /// <summary>The prefix of a collection; an empty namespace means all of them.</summary>
    public static string Collection(ServedKind kind, string space)
    {
        string all = $"/{(kind.Gvk.Group.Length == 0 ? "core" : kind.Gvk.Group)}/{kind.Plural}/";
        return kind.Namespaced && space.Length > 0 ? $"{all}{space}/" : all;
    }

    /// <summary>Splits the part of a key that names the object.</summary>
    public static (string Namespace, string Name) Split(ServedKind kind, string key)
    {
        int last = key.LastIndexOf('/');
        string name = key[(last + 1)..];
        return kind.Namespaced ? (key[(key.LastIndexOf('/', last - 1) + 1)..last], name) : ("", name);
    }
}
