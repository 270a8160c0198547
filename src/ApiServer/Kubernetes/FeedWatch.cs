using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Kubernetes;

/// <summary>One watcher of a feed: a prefix and a position.</summary>
internal sealed class FeedWatch(KindFeed feed, string prefix, long position) : IStorageWatch
{
    private long _position = position;

    public async ValueTask<WatchBatch> NextAsync(TimeSpan atMost, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(atMost);
        while (true)
        {
            WatchBatch batch = feed.Read(_position, prefix, out Task more);
            _position = batch.Revision;
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
}
