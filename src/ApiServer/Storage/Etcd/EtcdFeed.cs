using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Keeps the state in memory at etcd's: one watch over everything of ours, taken up again where it broke off.</summary>
internal sealed class EtcdFeed(EtcdClient etcd, EtcdKeys keys, EtcdLoader loader, RevisionedState state, EtcdHealth health, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!stop.IsCancellationRequested)
        {
            long before = state.Current.Revision;
            try
            {
                await FollowAsync(stop);
            }
            catch (CompactedException e)
            {
                await RestartAsync(e, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                pause = state.Current.Revision > before || pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(20) : pause * 2;
                if (pause > LongestPause) pause = LongestPause;
                health.Failed(e is RpcException rpc ? EtcdFailures.Explain(rpc) : e.Message, e);
                await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        using EtcdStream stream = etcd.Watch(new WatchCreateRequest
        {
            Key = keys.All, RangeEnd = keys.AllEnd, StartRevision = state.Current.Revision + 1, ProgressNotify = true, Fragment = true,
        }, stop);
        await foreach (WatchResponse answer in stream.ReadAsync(stop))
        {
            // Also when nobody asks: a balancer that sends no requests to a server that is not ready would never see it ready again.
            health.Answered();
            Apply(answer);
        }
    }

    private void Apply(WatchResponse answer)
    {
        Snapshot now = state.Current;
        long upTo = EtcdChanges.UpTo(answer);
        if (upTo <= now.Revision) return;
        List<StorageEvent> changes = EtcdChanges.On(now, answer, keys);
        // Readers turn away first, then the rows go: whoever announced it waits for nobody, but reads at etcd fail by themselves.
        if (EtcdChanges.Compaction(answer, keys) is { } compacted) state.Compacted = Math.Max(state.Compacted, compacted);
        state.Publish(now.With(changes, upTo), changes);
    }

    /// <summary>The changes since we last heard of etcd are no longer there: everything is read again, and followers begin again too.</summary>
    private async Task RestartAsync(CompactedException cause, CancellationToken stop)
    {
        logger.HistoryGone(cause.Requested, cause.Compacted);
        try
        {
            (Snapshot fresh, _) = await loader.LoadAsync(stop);
            state.Restart(fresh);
        }
        catch (RpcException e)
        {
            health.Failed(EtcdFailures.Explain(e), e);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}
