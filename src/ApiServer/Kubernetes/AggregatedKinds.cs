using Margay.ApiServer.Schema;
using Margay.Model.Datastore.Crd;

namespace Margay.ApiServer.Kubernetes;

/// <summary>What is served behind a cluster's API server: projectcalico.org/v3, as far as custom resources keep it.</summary>
internal static class AggregatedKinds
{
    public static IReadOnlyList<ServedKind> All { get; } = [.. ServedKinds.Stored.Where(IsKept)];

    /// <summary>Kubernetes' own, for the rule that objects need a namespace; not served.</summary>
    public static ServedKind Namespaces { get; } = ServedKinds.Stored.First(kind => kind.Gvk is { Group: "", Kind: "Namespace" });

    /// <summary>Their types, read on first use.</summary>
    public static Lazy<SchemaCatalog> Catalog { get; } = new(() => new SchemaCatalog(All));

    private static bool IsKept(ServedKind kind) => CrdKinds.All.Any(crd =>
        crd.Api.Group == kind.Gvk.Group && crd.Api.Version == kind.Gvk.Version && crd.Api.Kind == kind.Gvk.Kind);
}
