using Margay.Model.Registry;

namespace Margay.ApiServer.Kubernetes;

/// <summary>What a storage key names in the cluster: <c>/group/plural/namespace/name</c>, without a namespace for cluster kinds.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace; empty for cluster kinds, and in a prefix for all of them.</param>
/// <param name="Name">The object; empty in a prefix.</param>
internal readonly record struct ResourceKeys(KindInfo Kind, string Namespace, string Name)
{
    private const string Core = "core";

    /// <summary>Takes a key or a prefix apart.</summary>
    public static ResourceKeys Parse(string key)
    {
        string[] parts = key.Split('/');
        string group = parts[1] == Core ? "" : parts[1];
        KindInfo kind = KindRegistry.FindResource(group, parts[2])
            ?? throw new ArgumentException($"the key {key} names no kind", nameof(key));
        return kind.Namespaced
            ? new(kind, parts.Length > 4 ? parts[3] : "", parts[^1])
            : new(kind, "", parts[^1]);
    }

    /// <summary>The key of an object.</summary>
    public static string Of(KindInfo kind, string? space, string name)
    {
        string all = Prefix(kind);
        return kind.Namespaced ? $"{all}{space}/{name}" : all + name;
    }

    /// <summary>The prefix of a kind.</summary>
    public static string Prefix(KindInfo kind) => $"/{(kind.Group.Length == 0 ? Core : kind.Group)}/{kind.Plural}/";
}
