using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>Part of a collection as a client asked for it.</summary>
internal sealed record ListResult(long Revision, IReadOnlyList<ObjectView> Items, string Continue, int? Remaining);

/// <summary>Reads collections at one revision, whole or in parts.</summary>
internal sealed class ListReader(IStorage storage)
{
    public async ValueTask<ListResult> ListAsync(ServedKind kind, string space, ListOptions options, CancellationToken stop)
    {
        string prefix = KeySpace.Collection(kind, space);
        try
        {
            StorageQuery query = await QueryAsync(prefix, options, stop);
            if (options.Selector.Fields.Pinned("metadata.name") is { } name && (space.Length > 0 || !kind.Namespaced) && query.Revision == 0)
                return await OneAsync(kind, prefix + name, options, stop);
            return await PagesAsync(kind, query, options, stop);
        }
        catch (CompactedException e) when (options.Continue.Length > 0)
        {
            throw Failures.Expired($"The provided continue parameter is too old to display a consistent list result: revision {e.Requested} "
                + $"is no longer there (the oldest is {e.Compacted}). You must start a new list without the continue parameter.");
        }
        catch (CompactedException e)
        {
            throw Failures.Expired(e);
        }
        catch (FutureRevisionException e)
        {
            throw Failures.TooLargeVersion(e);
        }
    }

    private async ValueTask<StorageQuery> QueryAsync(string prefix, ListOptions options, CancellationToken stop)
    {
        if (options.Continue.Length > 0)
        {
            if (options.ResourceVersion is > 0)
                throw Failures.BadRequest("specifying resource version is not allowed when using continue");
            var token = ContinueToken.Parse(options.Continue, prefix);
            return new StorageQuery(prefix, token.Revision, token.After);
        }
        long asked = options.ResourceVersion ?? 0;
        // A version together with a limit has always meant exactly that version, also without saying so.
        bool exact = options.Match == "Exact" || (options.Match.Length == 0 && options.Limit > 0 && asked > 0);
        if (!exact && asked > storage.CurrentRevision && await storage.RevisionAsync(stop) is var current && asked > current)
            throw new FutureRevisionException(asked, current);
        return new StorageQuery(prefix, exact ? asked : 0);
    }

    /// <summary>A list of at most one object, which is how clients watch a single one.</summary>
    private async ValueTask<ListResult> OneAsync(ServedKind kind, string key, ListOptions options, CancellationToken stop)
    {
        // The revision first: it may then be older than the object, never newer than a change that is missing.
        long revision = await storage.RevisionAsync(stop);
        StoredObject? found = await storage.GetAsync(key, stop);
        if (found is null || !options.Wants(kind, ObjectView.Of(found))) return new(revision, [], "", null);
        return new(Math.Max(revision, found.Revision), [ObjectView.Of(found)], "", null);
    }

    private async ValueTask<ListResult> PagesAsync(ServedKind kind, StorageQuery query, ListOptions options, CancellationToken stop)
    {
        var items = new List<ObjectView>();
        while (true)
        {
            StoragePage page = await storage.ListAsync(query with { Limit = options.Limit }, stop);
            foreach (StoredObject stored in page.Items)
            {
                ObjectView view = ObjectView.Of(stored);
                if (options.IsEverything || options.Wants(kind, view)) items.Add(view);
                if (options.Limit > 0 && items.Count == options.Limit)
                {
                    bool more = page.Remaining > 0 || !ReferenceEquals(stored, page.Items[^1]);
                    string next = more ? new ContinueToken(page.Revision, stored.Key).ToString() : "";
                    // Kubernetes says how many remain only when nothing is selected, because only then it is known.
                    return new(page.Revision, items, next, more && options.IsEverything ? page.Remaining : null);
                }
            }
            if (page.Remaining == 0) return new(page.Revision, items, "", null);
            query = query with { Revision = page.Revision, After = page.Items[^1].Key };
        }
    }
}
