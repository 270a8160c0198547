using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Answers.Sources;

/// <summary>The objects of a running cluster that say anything about policy.</summary>
internal static class ClusterSource
{
    private static readonly HashSet<Type> Ignored =
    [
        typeof(ConfigMap), typeof(Secret), typeof(Event), typeof(AnyResource), typeof(IPAMBlock), typeof(IPAMHandle), typeof(BlockAffinity), typeof(ClusterInformation),
    ];

    /// <summary>Reads them all; a kind that the cluster does not serve has no objects.</summary>
    internal static async Task<ResourceSet> ReadAsync(IResourceStore store, CancellationToken stop)
    {
        var kinds = KindRegistry.All.Where(k => k.Served && !Ignored.Contains(k.ClrType));
        var lists = await Task.WhenAll(kinds.Select(kind => ListAsync(store, kind, stop)));
        var set = new ResourceSet();
        foreach (var item in lists.SelectMany(list => list)) set.Add(new LocatedResource(item, SourcePlace.Cluster));
        return set;
    }

    private static async Task<IReadOnlyList<Resource>> ListAsync(IResourceStore store, KindInfo kind, CancellationToken stop)
    {
        try
        {
            return (await store.ListAsync(kind, default, stop)).Items;
        }
        catch (ApiException missing) when (missing.IsNotFound)
        {
            return [];
        }
    }
}
