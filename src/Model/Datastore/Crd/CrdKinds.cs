using System.Collections.Frozen;
using System.Collections.Immutable;
using Margay.Model.Registry;

namespace Margay.Model.Datastore.Crd;

/// <summary>The kinds that custom resources keep.</summary>
public static class CrdKinds
{
    // What upstream has no definition for: profiles follow from namespaces and accounts, workload endpoints from pods,
    // nodes from nodes.
    private static readonly FrozenSet<string> Derived = new[] { "Profile", "WorkloadEndpoint", "Node" }.ToFrozenSet();

    private static readonly FrozenDictionary<KindInfo, CrdKind> ByApi;
    private static readonly FrozenDictionary<string, CrdKind> ByStored;

    static CrdKinds()
    {
        All = [.. KindRegistry.All.Where(kind => kind.Group == "projectcalico.org" && !Derived.Contains(kind.Kind)).Select(kind => new CrdKind(kind))];
        ByApi = All.ToFrozenDictionary(kind => kind.Api);
        ByStored = All.ToFrozenDictionary(kind => kind.Stored.Kind);
    }

    /// <summary>All of them, in the registry's order.</summary>
    public static ImmutableArray<CrdKind> All { get; }

    /// <summary>How a kind is stored; null when custom resources do not keep it.</summary>
    /// <param name="api">The kind as clients know it.</param>
    public static CrdKind? Find(KindInfo api) => ByApi.GetValueOrDefault(api);

    /// <summary>Finds a kind by what a custom resource says it is.</summary>
    /// <param name="apiVersion">Its group and version.</param>
    /// <param name="kind">Its kind.</param>
    public static CrdKind? FindStored(string? apiVersion, string? kind) =>
        apiVersion == CrdKind.ApiVersion && kind is not null ? ByStored.GetValueOrDefault(kind) : null;

    /// <summary>Whether a kind belongs to projectcalico.org and yet has no custom resource.</summary>
    internal static bool IsDerived(KindInfo api) => api.Group == "projectcalico.org" && Derived.Contains(api.Kind);
}
