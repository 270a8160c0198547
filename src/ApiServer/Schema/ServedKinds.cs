using Margay.Model.Registry;

namespace Margay.ApiServer.Schema;

/// <summary>The kinds this server offers, from the registry of kinds.</summary>
internal static class ServedKinds
{
    /// <summary>All of them, in the registry's order.</summary>
    public static IReadOnlyList<ServedKind> All { get; } = [.. KindRegistry.All.Where(k => k.Served).Select(Describe)];

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
