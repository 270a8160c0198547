using Google.Protobuf;
using Grpc.Net.Client;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.Bench.ApiServer;

/// <summary>etcd without us in front: 1 KiB values, linearizable reads, over the same kind of connection.</summary>
internal sealed class EtcdYardstick(int port) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions { MaxReceiveMessageSize = null });
    private readonly ByteString _value = ByteString.CopyFrom(new byte[1024]);

    private KV.KVClient Client => new(_channel);

    public Task PutAsync(int number) => Client.PutAsync(new PutRequest { Key = Key(number), Value = _value }).ResponseAsync;

    /// <summary>The same beside what is listed.</summary>
    public Task WarmAsync(int number) => Client.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8($"/warm/{number:000000}"), Value = _value }).ResponseAsync;

    public Task GetAsync(int number) => Client.RangeAsync(new RangeRequest { Key = Key(number) }).ResponseAsync;

    public Task ListAsync() => Client.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8("/yard/"), RangeEnd = ByteString.CopyFromUtf8("/yard0") }).ResponseAsync;

    public void Dispose() => _channel.Dispose();

    private static ByteString Key(int number) => ByteString.CopyFromUtf8($"/yard/{number:000000}");
}
