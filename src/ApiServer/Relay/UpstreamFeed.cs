using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Relay;

/// <summary>Keeps one cache in step: a list, a watch from there, and again from where the watch broke off.</summary>
internal sealed class UpstreamFeed(Upstream upstream, KindCache cache, RelayMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AbsentPause = TimeSpan.FromMinutes(1);

    private bool _troubled;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool listed = false;
        TimeSpan pause = TimeSpan.FromMilliseconds(50);
        while (!stop.IsCancellationRequested)
        {
            long before = cache.CurrentRevision;
            try
            {
                listed = listed || await ListAsync(stop);
                if (listed) await FollowAsync(stop);
                else pause = AbsentPause;
            }
            catch (ApiException e) when (e.Code == 410)
            {
                // The relay was cut off for longer than the API server remembers.
                listed = false;
                logger.UpstreamForgot(cache.Kind.Plural, cache.CurrentRevision);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                if (!_troubled) logger.UpstreamTrouble(cache.Kind.Plural, e.Message, e);
                _troubled = true;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            if (cache.CurrentRevision > before) pause = TimeSpan.FromMilliseconds(50);
            // Many kinds and many relays lose one API server at the same moment.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause || pause == AbsentPause ? pause * 2 : LongestPause;
            if (pause > AbsentPause) pause = AbsentPause;
        }
    }

    /// <returns>False when the API server has no such kind.</returns>
    private async Task<bool> ListAsync(CancellationToken stop)
    {
        if (await upstream.ListAsync(cache.Kind, stop) is not { } list)
        {
            cache.Absent();
            return false;
        }
        cache.Replace(Snapshot.Of(list.Version, list.Items.Select(cache.Object)));
        metrics.Listed(cache);
        Recovered();
        return true;
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        await foreach (List<JsonObject> events in upstream.WatchAsync(cache.Kind, cache.CurrentRevision, stop))
        {
            Apply(events);
            Recovered();
        }
    }

    private void Apply(List<JsonObject> events)
    {
        var changes = new List<StorageEvent>(events.Count);
        var touched = new Dictionary<string, StoredObject?>(StringComparer.Ordinal);
        long upTo = 0;
        foreach (JsonObject change in events)
        {
            var document = (JsonObject)change["object"]!;
            string type = change.Text("type");
            if (type == "BOOKMARK")
            {
                upTo = Math.Max(upTo, KindCache.Version(document.Child("metadata")));
                continue;
            }
            (string key, long revision) = cache.Identity(document);
            StoredObject? old = touched.TryGetValue(key, out StoredObject? known) ? known : cache.State.Current.Get(key);
            StoredObject? fresh = type == "DELETED" ? null : cache.Object(document);
            touched[key] = fresh;
            changes.Add(new StorageEvent(revision, key, fresh, old));
            upTo = Math.Max(upTo, revision);
        }
        // Keys that somebody deleted together in etcd have one version. Clients that were told of it already would miss the rest.
        if (changes.Count > 0 && changes[0].Revision <= cache.CurrentRevision)
            throw new ApiException(410, "Expired", $"version {changes[0].Revision} came in parts");
        cache.Apply(changes, upTo);
        metrics.Changed(cache, changes.Count);
    }

    private void Recovered()
    {
        if (_troubled) logger.UpstreamRecovered(cache.Kind.Plural);
        _troubled = false;
    }
}
