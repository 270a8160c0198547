using Google.Protobuf;
using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Reads everything at one revision.</summary>
internal sealed class EtcdLoader(EtcdClient etcd, EtcdKeys keys)
{
    private const int PageSize = 1000;

    /// <summary>Writes this server's key: its revision is one of ours and the newest.</summary>
    public async Task<long> BeatAsync(CancellationToken stop)
    {
        var put = new PutRequest { Key = keys.Beat };
        return (await etcd.ReadAsync("beat", "", (kv, call) => kv.PutAsync(put, call), stop)).Header.Revision;
    }

    /// <summary>
    /// The state now, and up to where history was removed as far as we know. It is read at the revision of a write of our
    /// own, so that a history that is read up to there ends with a change that is seen.
    /// </summary>
    public async Task<(Snapshot State, long Compacted)> LoadAsync(CancellationToken stop)
    {
        while (true)
        {
            long revision = await BeatAsync(stop);
            try
            {
                return await AtAsync(revision, stop);
            }
            catch (RpcException e) when (EtcdFailures.IsCompacted(e))
            {
                // Removed while it was read: begin again at a newer one.
            }
        }
    }

    private async Task<(Snapshot State, long Compacted)> AtAsync(long revision, CancellationToken stop)
    {
        var objects = new List<StoredObject>();
        long compacted = 1;
        var request = new RangeRequest { Key = keys.All, RangeEnd = keys.AllEnd, Limit = PageSize, Revision = revision };
        while (true)
        {
            RangeResponse page = await etcd.ReadAsync("list", "", (kv, call) => kv.RangeAsync(request, call), stop);
            foreach (KeyValue found in page.Kvs)
            {
                if (keys.Ours(found.Key) is { } key) objects.Add(EtcdChanges.Object(key, found));
                else if (found.Key.Equals(keys.Compaction)) compacted = EtcdChanges.Announced(found);
            }
            if (!page.More) return (Snapshot.Of(revision, objects), compacted);
            request.Key = ByteString.CopyFrom([.. page.Kvs[^1].Key.Span, 0]);
        }
    }
}
