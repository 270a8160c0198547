using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Old changes out of etcd, for followers that fell behind what memory holds. Rare, so each page is a watch of its own.</summary>
internal sealed class EtcdHistory(EtcdClient etcd, EtcdKeys keys, RevisionedState state, TimeProvider time) : IChangeHistory
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async ValueTask<HistoryPage> ReadAsync(long after, long until, int most, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var limit = new CancellationTokenSource(Limit, time);
        using var link = limit.Token.Register(ended.Cancel);
        try
        {
            return await PageAsync(after, until, most, ended.Token);
        }
        catch (CompactedException e)
        {
            // etcd removed it by itself, or another program did.
            state.Compacted = Math.Max(state.Compacted, e.Compacted);
            throw new CompactedException(after, e.Compacted);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new StorageUnavailableException($"history after revision {after} could not be read from etcd: {e.Message}", e);
        }
        catch (RpcException e)
        {
            throw new OperationCanceledException(e.Message, e, stop);
        }
    }

    private async Task<HistoryPage> PageAsync(long after, long until, int most, CancellationToken stop)
    {
        var changes = new List<StorageEvent>();
        using EtcdStream stream = etcd.Watch(new WatchCreateRequest
        {
            Key = keys.All, RangeEnd = keys.AllEnd, StartRevision = after + 1, PrevKv = true, Fragment = true,
        }, stop);
        await foreach (WatchResponse answer in stream.ReadAsync(stop))
        {
            changes.AddRange(EtcdChanges.WithPrevious(answer, keys));
            long upTo = EtcdChanges.UpTo(answer);
            // The end is the revision of one of our keys, so this comes without waiting for anything new.
            if (upTo >= until || (upTo > after && changes.Count >= most)) return new HistoryPage(changes, upTo);
        }
        throw new StorageUnavailableException("etcd ended a watch");
    }
}
