using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Lifecycle;

/// <summary>
/// Ends objects with their owners: in the background after the owner has gone, or before it goes when it was deleted in the
/// foreground; or cuts them loose when it was deleted as <c>Orphan</c>.
/// </summary>
internal sealed class GarbageCollector(ObjectOperations objects) : IController
{
    private readonly OwnerIndex _index = new(objects.Context.Kinds);
    private readonly HashSet<string> _pending = [];

    public void Restart()
    {
        _index.Clear();
        _pending.Clear();
    }

    public void Observe(StorageEvent change)
    {
        // Whoever may be concerned is looked at once everything is known: owners and dependents come in any order.
        _pending.UnionWith(_index.Change(change));
    }

    public async Task SettleAsync(CancellationToken stop)
    {
        foreach (string key in _pending.ToArray())
        {
            try
            {
                await LookAtAsync(key, stop);
            }
            catch (ApiException e) when (e.Code is 403 or 404 or 409 or 422)
            {
                // Changed under our hands, or protected. The change that makes it possible brings it here again.
                continue;
            }
        }
        _pending.Clear();
    }

    private async Task LookAtAsync(string key, CancellationToken stop)
    {
        if (_index.Find(key) is not { } item) return;
        if (item.Finalizers.Contains(DeletionState.OrphanFinalizer) && item.Deleting)
        {
            foreach (OwnedObject dependent in _index.DependentsOf(item.Uid)) await ReleaseAsync(dependent, item.Uid, stop);
            await RemoveFinalizerAsync(item, DeletionState.OrphanFinalizer, stop);
        }
        else if (item.Finalizers.Contains(DeletionState.ForegroundFinalizer) && item.Deleting)
        {
            OwnedObject[] dependents = [.. _index.DependentsOf(item.Uid)];
            foreach (OwnedObject dependent in dependents.Where(d => !d.Deleting)) await DeleteAsync(dependent, "Foreground", stop);
            if (!dependents.Any(d => d.Blocks(item.Uid))) await RemoveFinalizerAsync(item, DeletionState.ForegroundFinalizer, stop);
        }
        if (item.Owners.Count > 0 && !item.Deleting && item.Owners.All(o => !_index.Exists(o.Uid))) await DeleteAsync(item, null, stop);
    }

    private Task<byte[]> DeleteAsync(OwnedObject item, string? propagation, CancellationToken stop) =>
        objects.Deletion.DeleteAsync(item.Target, new DeleteOptions { Uid = item.Uid, Propagation = propagation }, stop);

    private Task<byte[]> ReleaseAsync(OwnedObject item, string owner, CancellationToken stop) => EditAsync(item, metadata =>
    {
        if (metadata.List("ownerReferences") is not { } owners) return;
        for (int i = owners.Count - 1; i >= 0; i--)
            if ((owners[i] as JsonObject).Text("uid") == owner) owners.RemoveAt(i);
        if (owners.Count == 0) metadata.Remove("ownerReferences");
    }, stop);

    private Task<byte[]> RemoveFinalizerAsync(OwnedObject item, string finalizer, CancellationToken stop) => EditAsync(item, metadata =>
        metadata.SetTexts("finalizers", [.. metadata.Texts("finalizers").Where(f => f != finalizer)]), stop);

    private Task<byte[]> EditAsync(OwnedObject item, Action<JsonObject> edit, CancellationToken stop) => objects.Update.UpdateAsync(item.Target, document =>
    {
        edit(document.Metadata());
        return document;
    }, WriteOptions.Default, stop);
}
