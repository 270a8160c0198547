using Grpc.Core;
using Grpc.Net.Client;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Asks an etcd cluster, and goes to another member when one does not answer.</summary>
internal sealed class EtcdClient(EtcdOptions options, TimeProvider time) : IDisposable
{
    // A member without a leader then refuses at once instead of letting the request wait.
    private static readonly Metadata HasLeader = new() { { "hasleader", "true" } };

    /// <summary>More than etcd's own limit of 5 s and an election.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Enough for an election; then the client of ours is told rather than kept waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly EtcdChannels _channels = new(options);

    /// <summary>Asks what may be asked again.</summary>
    public Task<T> ReadAsync<T>(string operation, string type, Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> ask, CancellationToken stop) =>
        CallAsync(operation, type, ask, EtcdFailures.MayPass, stop);

    /// <summary>Asks for a change, again only when it certainly was not taken.</summary>
    public Task<T> WriteAsync<T>(string operation, string type, Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> ask, CancellationToken stop) =>
        CallAsync(operation, type, ask, EtcdFailures.WasNotTaken, stop);

    /// <summary>Follows what a request names.</summary>
    public EtcdStream Watch(WatchCreateRequest request, CancellationToken stop)
    {
        GrpcChannel channel = _channels.Current;
        return new EtcdStream(new Wire.Watch.WatchClient(channel).Watch(new CallOptions(HasLeader, cancellationToken: stop)), request, () => _channels.Leave(channel));
    }

    public void Dispose() => _channels.Dispose();

    private async Task<T> CallAsync<T>(string operation, string type,
        Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> ask, Func<RpcException, bool> again, CancellationToken stop)
    {
        long began = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            GrpcChannel channel = _channels.Current;
            long started = time.GetTimestamp();
            try
            {
                T answer = await ask(new KV.KVClient(channel), new CallOptions(HasLeader, DateTime.UtcNow + Limit, stop));
                Told(failed: false);
                return answer;
            }
            catch (RpcException e) when (!stop.IsCancellationRequested)
            {
                Told(failed: true);
                if (EtcdFailures.MayPass(e)) _channels.Leave(channel);
                if (!again(e) || time.GetElapsedTime(began) > Patience) throw;
            }
            catch (RpcException e)
            {
                throw new OperationCanceledException(e.Message, e, stop);
            }
            // Every member once without waiting, then slower.
            if (attempt % _channels.Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50 * attempt, 500)), time, stop);

            void Told(bool failed) => options.OnRequest?.Invoke(new EtcdRequest(operation, type, time.GetElapsedTime(started), failed));
        }
    }
}
