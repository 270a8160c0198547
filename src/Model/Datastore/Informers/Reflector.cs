using Margay.Model.Resources;

namespace Margay.Model.Datastore.Informers;

/// <summary>
/// Follows one kind: lists it, watches on from there, resumes after a broken connection, lists again when the version is
/// gone. It remembers the version of each object, so that a second list yields exactly what changed in between,
/// deletions included.
/// </summary>
internal sealed class Reflector(
    IResourceStore store, InformerSource source, InformerOptions options, Func<List<ResourceUpdate>, CancellationToken, ValueTask> emit)
{
    private readonly Backoff _backoff = new(options.FirstWait, options.LongestWait, options.Random);
    private readonly Dictionary<ResourceKey, string> _known = [];
    private string? _version;
    private bool _troubled;

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="onListed">Called once, when everything of the first list has been emitted.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask> onListed, CancellationToken stop)
    {
        bool listed = false;
        while (true)
        {
            try
            {
                if (_version is null)
                    await ListAsync(stop);
                if (!listed)
                {
                    listed = true;
                    await onListed(stop);
                }

                if (_version is not null)
                    await WatchAsync(stop);
            }
            catch (ApiException gone) when (gone.IsGone)
            {
                _version = null;
            }
            catch (Exception error) when (IsTrouble(error, stop))
            {
                Report(error);
            }

            await Task.Delay(_backoff.Next(), options.Time, stop);
        }
    }

    private async Task ListAsync(CancellationToken stop)
    {
        var list = await ListIfThereAsync(stop);
        var updates = new List<ResourceUpdate>();
        var gone = new HashSet<ResourceKey>(_known.Keys);
        foreach (var item in list?.Items ?? [])
        {
            gone.Remove(KeyOf(item));
            Accept(item, updates);
        }

        foreach (var key in gone)
            Forget(key, updates);
        await EmitAsync(updates, stop);
        _version = list?.ResourceVersion;
        Report(null);
    }

    /// <summary>The list; null when the server does not have the kind and need not have it.</summary>
    private async Task<Listing?> ListIfThereAsync(CancellationToken stop)
    {
        try
        {
            return await store.ListAsync(source.Kind, source.Scope, stop);
        }
        catch (ApiException absent) when (source.MayBeAbsent && absent.Status.Code == 404)
        {
            return null;
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        long begun = options.Time.GetTimestamp();
        await foreach (var events in store.WatchAsync(source.Kind, source.Scope, _version!, stop))
        {
            var updates = new List<ResourceUpdate>(events.Count);
            foreach (var (type, value) in events)
            {
                if (type == WatchEventType.Deleted)
                    Forget(KeyOf(value), updates);
                else if (type != WatchEventType.Bookmark)
                    Accept(value, updates);
            }

            await EmitAsync(updates, stop);
            _version = events[^1].Value.Metadata.ResourceVersion ?? _version;
            Report(null);
            _backoff.Reset();
        }

        // The server ends quiet watches from time to time; only one that ends at once is a bad sign.
        if (options.Time.GetElapsedTime(begun) > options.LongestWait)
            _backoff.Reset();
    }

    private void Accept(Resource value, List<ResourceUpdate> updates)
    {
        var key = KeyOf(value);
        string version = value.Metadata.ResourceVersion ?? "";
        if (version.Length > 0 && _known.GetValueOrDefault(key) == version)
            return;
        _known[key] = version;
        options.Trim(value);
        updates.Add(new ResourceUpdate(key, value));
    }

    private void Forget(ResourceKey key, List<ResourceUpdate> updates)
    {
        if (_known.Remove(key))
            updates.Add(new ResourceUpdate(key, null));
    }

    // Objects are known under the kind that was asked for, whatever older version the server speaks.
    private ResourceKey KeyOf(Resource value) => source.Kind.KeyOf(value.Metadata.Namespace, value.Metadata.Name ?? "");

    private ValueTask EmitAsync(List<ResourceUpdate> updates, CancellationToken stop) =>
        updates.Count == 0 ? ValueTask.CompletedTask : emit(updates, stop);

    private static bool IsTrouble(Exception error, CancellationToken stop) =>
        !stop.IsCancellationRequested &&
        error is ApiException or HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException;

    private void Report(Exception? error)
    {
        if (error is not null == _troubled)
            return;
        _troubled = error is not null;
        options.OnTrouble(source.Kind, error);
    }
}
