using Margay.ApiServer.Storage;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// State that another API server keeps. Reads and writes go through to it, so they are as current and as durable as its own;
/// only changes are followed once for all watchers of a kind. Other than a storage of our own it has a revision for each kind:
/// that of one is comparable with that of another, but a change of one kind may be told before an older one of another.
/// Guards are read before the write and not with it.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="feeds">The followers of changes.</param>
/// <param name="lists">The lists whose further parts somebody may ask for.</param>
internal sealed class ResourceStorage(IResourceStore cluster, KindFeeds feeds, RecentLists lists) : IStorage
{
    private readonly DerivedProfiles _profiles = new(cluster);
    private long _newest = 1;

    public long CurrentRevision => Volatile.Read(ref _newest);

    /// <summary>Each kind has its own; a watch is told when it begins too far back.</summary>
    public long CompactedRevision => 0;

    public string? Trouble => feeds.Trouble;

    /// <summary>Reads ask the cluster each time.</summary>
    public ValueTask CatchUpAsync(CancellationToken stop) => default;

    /// <summary>Any list tells the revision; that of tiers is short.</summary>
    public async ValueTask<long> RevisionAsync(CancellationToken stop)
    {
        Listing tiers = await ClusterCalls.RunAsync(() => cluster.ListAsync(KindRegistry.Of<Tier>(), default, stop));
        return Seen(ResourceForm.Revision(tiers.ResourceVersion));
    }

    public async ValueTask<StoredObject?> GetAsync(string key, CancellationToken stop)
    {
        var (kind, space, name) = ResourceKeys.Parse(key);
        try
        {
            return Seen(ResourceForm.Read(kind, await ClusterCalls.RunAsync(() => kind == DerivedProfiles.Kind ? _profiles.GetAsync(name, stop) : cluster.GetAsync(kind, space, name, stop))));
        }
        catch (Rest.ApiException missing) when (missing.Reason == StatusReason.NotFound)
        {
            return null;
        }
    }

    public async ValueTask<StoragePage> ListAsync(StorageQuery query, CancellationToken stop)
    {
        StoragePage all = lists.Find(query.Prefix, query.Revision) ?? await ReadAsync(query.Prefix, stop);
        // A further part of a list that another server began, or that is forgotten: the rest comes from a newer list. Who watches from the
        // revision of the first part hears of everything between.
        if (query.Revision > 0 && query.Revision != all.Revision && query.After is null) throw new CompactedException(query.Revision, all.Revision);
        if (query.Limit > 0) lists.Remember(query.Prefix, all);
        return Part(all, query);
    }

    public async Task<WriteResult> WriteAsync(StorageWrite write, CancellationToken stop)
    {
        foreach (StorageGuard guard in write.Guards ?? [])
        {
            StoredObject? state = await GetAsync(guard.Key, stop);
            if ((state?.Revision ?? 0) != guard.Revision) return new(false, CurrentRevision, await GetAsync(write.Key, stop));
        }
        var target = ResourceKeys.Parse(write.Key);
        try
        {
            return write.Value is null
                ? await DeleteAsync(target, write.ExpectedRevision, stop)
                : Committed(target.Kind, await ResourceWrite.PutAsync(cluster, target, write.Value, write.ExpectedRevision, stop));
        }
        catch (Rest.ApiException lost) when (lost.Reason is StatusReason.Conflict or StatusReason.AlreadyExists or StatusReason.NotFound)
        {
            StoredObject? now = await GetAsync(write.Key, stop);
            // Refused for another reason than the state of the key: the namespace is missing, for example.
            if (now is null && write.ExpectedRevision == 0) throw;
            return new(false, CurrentRevision, now);
        }
    }

    public IStorageWatch Watch(string prefix, long afterRevision) => feeds.Follow(ResourceKeys.Parse(prefix).Kind, prefix, afterRevision);

    public ValueTask DisposeAsync() => feeds.DisposeAsync();

    private async Task<StoragePage> ReadAsync(string prefix, CancellationToken stop)
    {
        var (kind, space, _) = ResourceKeys.Parse(prefix);
        Listing list = await ClusterCalls.RunAsync(() =>
            kind == DerivedProfiles.Kind ? _profiles.ListAsync(stop) : cluster.ListAsync(kind, new Scope(space.Length == 0 ? null : space), stop));
        var items = list.Items.Select(item => ResourceForm.Read(kind, item)).OrderBy(item => item.Key, StringComparer.Ordinal);
        return new StoragePage(Seen(ResourceForm.Revision(list.ResourceVersion)), [.. items], 0);
    }

    private static StoragePage Part(StoragePage all, StorageQuery query)
    {
        IEnumerable<StoredObject> rest = query.After is { } after ? all.Items.SkipWhile(item => string.CompareOrdinal(item.Key, after) <= 0) : all.Items;
        List<StoredObject> items = [.. rest];
        int taken = query.Limit > 0 ? Math.Min(query.Limit, items.Count) : items.Count;
        return new StoragePage(all.Revision, items[..taken], items.Count - taken);
    }

    private async Task<WriteResult> DeleteAsync(ResourceKeys target, long revision, CancellationToken stop)
    {
        var only = new Preconditions(ResourceVersion: ResourceForm.Text(revision));
        await ClusterCalls.RunAsync(async () =>
        {
            // Finalizers are the business of the layer above, which has none left when it deletes.
            if (cluster is CrdStore crds) await crds.EraseAsync(target.Kind, target.Namespace, target.Name, only, stop);
            else await cluster.DeleteAsync(target.Kind, target.Namespace, target.Name, only, stop);
            return true;
        });
        return new(true, revision, null);
    }

    private WriteResult Committed(KindInfo kind, Resource written)
    {
        StoredObject now = Seen(ResourceForm.Read(kind, written));
        return new(true, now.Revision, now);
    }

    private StoredObject Seen(StoredObject stored)
    {
        Seen(stored.Revision);
        return stored;
    }

    private long Seen(long revision)
    {
        long known = Volatile.Read(ref _newest);
        while (revision > known)
        {
            long had = Interlocked.CompareExchange(ref _newest, revision, known);
            if (had == known) break;
            known = had;
        }
        return revision;
    }
}
