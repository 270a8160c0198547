using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// One watcher: a prefix, and a position in each feed that objects under it come from. Within one feed changes come in their order; the
/// revision that is told is one that every feed has passed.
/// </summary>
internal sealed class FeedWatch(IReadOnlyList<KindFeed> feeds, string prefix, long position) : IStorageWatch
{
    private readonly long[] _positions = [.. feeds.Select(_ => position)];

    public async ValueTask<WatchBatch> NextAsync(TimeSpan atMost, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(atMost);
        while (true)
        {
            WatchBatch batch = Read(out Task more);
            if (batch.Events.Count > 0) return batch;
            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return batch;
            }
        }
    }

    private WatchBatch Read(out Task more)
    {
        var changes = new Task[feeds.Count];
        var events = new List<StorageEvent>();
        for (int i = 0; i < feeds.Count; i++)
        {
            WatchBatch batch = feeds[i].Read(_positions[i], prefix, out changes[i]);
            _positions[i] = batch.Revision;
            events.AddRange(batch.Events);
        }
        more = changes is [var only] ? only : Task.WhenAny(changes);
        return new WatchBatch(events, _positions.Min());
    }
}
