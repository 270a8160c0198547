using Margay.ApiServer.Reviews;
using Margay.Model.Registry;

namespace Margay.ApiServer.Schema;

/// <summary>The kinds this server offers: those it stores, from the registry of kinds, and the questions it answers.</summary>
internal static class ServedKinds
{
    /// <summary>The kinds whose objects are stored, in the registry's order.</summary>
    public static IReadOnlyList<ServedKind> Stored { get; } = [.. KindRegistry.All.Where(k => k.Served).Select(Describe)];

    /// <summary>All kinds: what discovery and the OpenAPI documents tell.</summary>
    public static IReadOnlyList<ServedKind> All { get; } = [.. Stored, .. ReviewKinds.All];

    /// <summary>Their types, read on first use.</summary>
    public static Lazy<SchemaCatalog> Catalog { get; } = new(() => new SchemaCatalog(All));

    private static ServedKind Describe(KindInfo kind)
    {
        var gvk = new GroupVersionKind(kind.Group, kind.Version, kind.Kind);
        return new()
        {
            Gvk = gvk,
            Plural = kind.Plural,
            Singular = kind.Singular,
            Namespaced = kind.Namespaced,
            // Kubernetes' own kinds are checked against the complete class: ours has what Margay looks at.
            Type = KubernetesClasses.Find(gvk) ?? kind.ClrType,
            ShortNames = kind.ShortNames,
            Categories = kind.Categories,
            HasStatus = kind.HasStatus,
            Verbs = kind.Verbs,
        };
    }
}
