using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cluster;

/// <summary>
/// Lists and watches at a relay while there is one that answers, at the API server otherwise; the rest at the API server
/// always. When the relay goes away its nodes do not come to the API server in the same instant, and try the relay again
/// after a while, each at a time of its own.
/// </summary>
internal sealed class RelayStore(IResourceStore server, IResourceStore relay, TimeProvider time, Random random, ILogger logger) : IResourceStore
{
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestAbsence = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<KindInfo, long> _seen = [];
    private long _avoidedAt;
    private TimeSpan _avoidedFor;

    public Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) => server.GetAsync(kind, ns, name, stop);

    public Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => server.CreateAsync(kind, value, stop);

    public Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) =>
        server.UpdateAsync(kind, value, subresource, stop);

    public Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) =>
        server.DeleteAsync(kind, ns, name, preconditions, stop);

    public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
    {
        if (IsUsable())
        {
            try
            {
                Listing list = await relay.ListAsync(kind, scope, stop);
                // A relay may be behind what this node has seen elsewhere; time does not go back for it.
                if (Version(list.ResourceVersion) >= Seen(kind)) return Noted(kind, list);
            }
            catch (Exception e) when (IsTrouble(e, stop))
            {
                await AvoidAsync(e, stop);
            }
        }
        return Noted(kind, await server.ListAsync(kind, scope, stop));
    }

    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        if (IsUsable())
        {
            await using var events = relay.WatchAsync(kind, scope, resourceVersion, stop).GetAsyncEnumerator(stop);
            bool refused = false, any = false;
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync()) break;
                    any = true;
                }
                catch (Exception e) when (IsTrouble(e, stop))
                {
                    await AvoidAsync(e, stop);
                    // What was told cannot be told again: whoever follows goes on from the last version by a new watch.
                    if (any) throw;
                    refused = true;
                    break;
                }
                Note(kind, events.Current[^1].Value.Metadata.ResourceVersion);
                yield return events.Current;
            }
            if (!refused) yield break;
        }
        await foreach (var batch in server.WatchAsync(kind, scope, resourceVersion, stop))
        {
            Note(kind, batch[^1].Value.Metadata.ResourceVersion);
            yield return batch;
        }
    }

    /// <summary>What the API server may answer better; that a version is gone is an answer.</summary>
    private static bool IsTrouble(Exception error, CancellationToken stop) => !stop.IsCancellationRequested
        && error is ApiException { IsGone: false } or HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException;

    private bool IsUsable()
    {
        lock (_gate) return _avoidedFor == TimeSpan.Zero || time.GetElapsedTime(_avoidedAt) >= _avoidedFor;
    }

    private async Task AvoidAsync(Exception cause, CancellationToken stop)
    {
        // It does not have this kind, or not yet this version: nothing is wrong with it.
        if (cause is ApiException { Status.Code: 404 or 504 }) return;
        bool first = IsUsable();
        lock (_gate)
        {
            (_avoidedAt, _avoidedFor) = (time.GetTimestamp(), ShortestAbsence * (1 + random.NextDouble()));
        }
        if (!first) return;
        logger.RelayLeft(cause.Message);
        await Task.Delay(Spread * random.NextDouble(), time, stop);
    }

    private Listing Noted(KindInfo kind, Listing list)
    {
        Note(kind, list.ResourceVersion);
        return list;
    }

    private void Note(KindInfo kind, string? version)
    {
        lock (_gate) _seen[kind] = Math.Max(_seen.GetValueOrDefault(kind), Version(version));
    }

    private long Seen(KindInfo kind)
    {
        lock (_gate) return _seen.GetValueOrDefault(kind);
    }

    private static long Version(string? text) => long.TryParse(text, out long version) ? version : 0;
}
