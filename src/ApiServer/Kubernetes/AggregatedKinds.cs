using Margay.ApiServer.Schema;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;

namespace Margay.ApiServer.Kubernetes;

/// <summary>What is served behind a cluster's API server: projectcalico.org/v3, as far as custom resources keep it, and profiles, which are read only.</summary>
internal static class AggregatedKinds
{
    public static IReadOnlyList<ServedKind> All { get; } =
    [
        .. ServedKinds.Stored.Where(IsKept),
        ServedKinds.Stored.First(kind => kind.Gvk is { Group: "projectcalico.org", Kind: "Profile" }) with { Verbs = ["get", "list", "watch"] },
    ];

    /// <summary>The kinds that the cluster is followed for.</summary>
    public static IEnumerable<KindInfo> Followed { get; } = [.. CrdKinds.All.Select(kind => kind.Api), DerivedProfiles.Kind];

    /// <summary>Kubernetes' own, for the rule that objects need a namespace; not served.</summary>
    public static ServedKind Namespaces { get; } = ServedKinds.Stored.First(kind => kind.Gvk is { Group: "", Kind: "Namespace" });

    /// <summary>Their types, read on first use.</summary>
    public static Lazy<SchemaCatalog> Catalog { get; } = new(() => new SchemaCatalog(All));

    private static bool IsKept(ServedKind kind) => CrdKinds.All.Any(crd =>
        crd.Api.Group == kind.Gvk.Group && crd.Api.Version == kind.Gvk.Version && crd.Api.Kind == kind.Gvk.Kind);
}
