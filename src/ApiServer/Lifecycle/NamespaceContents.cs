using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Lifecycle;

/// <summary>
/// Empties namespaces that are going, and lets them go when nothing is left. Nothing new comes in meanwhile: creations are
/// guarded by the namespace's version, which its end has changed.
/// </summary>
internal sealed class NamespaceContents : IController
{
    private readonly ObjectOperations _objects;
    private readonly string _namespaces;
    private readonly HashSet<string> _going = [];

    public NamespaceContents(ObjectOperations objects)
    {
        _objects = objects;
        _namespaces = KeySpace.Collection(objects.Context.Kinds.Namespaces, "");
    }

    public void Restart() => _going.Clear();

    public void Observe(StorageEvent change)
    {
        if (!change.Key.StartsWith(_namespaces, StringComparison.Ordinal)) return;
        string name = change.Key[_namespaces.Length..];
        if (change.Current is { } current && ObjectView.Of(current).IsDeleting) _going.Add(name);
        else _going.Remove(name);
    }

    public async Task SettleAsync(CancellationToken stop)
    {
        foreach (string space in _going.ToArray())
        {
            if (!await IsEmptyAsync(space, stop)) continue;
            await FinishAsync(space, stop);
            _going.Remove(space);
        }
    }

    /// <summary>Deletes what is there; whatever lingers is looked at again after the next change.</summary>
    private async Task<bool> IsEmptyAsync(string space, CancellationToken stop)
    {
        bool empty = true;
        foreach (ServedKind kind in _objects.Context.Kinds.All.Where(k => k.Namespaced))
        {
            StoragePage page = await _objects.Context.Storage.ListAsync(new StorageQuery(KeySpace.Collection(kind, space)), stop);
            foreach (StoredObject item in page.Items) empty &= await DeleteAsync(kind, space, item, stop);
        }
        return empty;
    }

    /// <returns>Whether it is gone.</returns>
    private async Task<bool> DeleteAsync(ServedKind kind, string space, StoredObject item, CancellationToken stop)
    {
        string name = item.Key[(item.Key.LastIndexOf('/') + 1)..];
        if (!ObjectView.Of(item).IsDeleting)
        {
            try
            {
                await _objects.Deletion.DeleteAsync(new ObjectTarget(kind, space, name), new DeleteOptions { Propagation = "Background" }, stop);
            }
            catch (ApiException e) when (e.Code == 404)
            {
                return true;
            }
        }
        return await _objects.Context.Storage.GetAsync(item.Key, stop) is null;
    }

    private async Task FinishAsync(string space, CancellationToken stop)
    {
        try
        {
            await _objects.Update.UpdateAsync(
                new ObjectTarget(_objects.Context.Kinds.Namespaces, "", space, ObjectPart.Finalize),
                static document =>
                {
                    JsonObject spec = document.Ensure("spec");
                    spec.SetTexts("finalizers", [.. spec.Texts("finalizers").Where(f => f != "kubernetes")]);
                    return document;
                }, WriteOptions.Default, stop);
        }
        catch (ApiException e) when (e.Code == 404)
        {
            // Somebody else finished it.
            return;
        }
    }
}
