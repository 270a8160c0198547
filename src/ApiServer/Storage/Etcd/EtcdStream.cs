using System.Runtime.CompilerServices;
using Grpc.Core;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>One watch on one member. Fragments are put together again: what comes out are whole revisions.</summary>
internal sealed class EtcdStream(AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call, WatchCreateRequest request, Action leave) : IDisposable
{
    /// <summary>The answers until the watch ends.</summary>
    /// <exception cref="CompactedException">etcd no longer has the first revision.</exception>
    /// <exception cref="RpcException">The member has gone; the next watch asks another one.</exception>
    public async IAsyncEnumerable<WatchResponse> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        bool healthy = false;
        try
        {
            await call.RequestStream.WriteAsync(new WatchRequest { CreateRequest = request }, stop);
            WatchResponse? parts = null;
            while (await call.ResponseStream.MoveNext(stop))
            {
                WatchResponse part = call.ResponseStream.Current;
                if (part.CompactRevision > 0) throw new CompactedException(request.StartRevision - 1, part.CompactRevision);
                if (part.Canceled) break;
                if (parts is null) parts = part;
                else parts.Events.Add(part.Events);
                if (part.Fragment) continue;
                healthy = true;
                yield return parts;
                healthy = false;
                parts = null;
            }
            throw new RpcException(new Status(StatusCode.Unavailable, "the member ended the watch"));
        }
        finally
        {
            // A reader that has enough leaves in the middle; that says nothing against the member.
            if (!healthy && !stop.IsCancellationRequested) leave();
        }
    }

    public void Dispose() => call.Dispose();
}
