using System.Buffers.Binary;
using System.Net.Sockets;

namespace Margay.Testbed.Dns.Serving;

/// <summary>Answers over TCP: each message has its length before it (RFC 1035 4.2.2), and a connection may bring several.</summary>
internal sealed class TcpService(DnsResponder responder, int port) : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener = TcpListener.Create(port);

    public async Task RunAsync(CancellationToken stop)
    {
        _listener.Start();
        while (true)
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(stop), stop);
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        using var connection = client;
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var stream = client.GetStream();
            silent.CancelAfter(Idle);
            while (await ReadAsync(stream, silent.Token) is { } message && responder.Answer(message, datagram: false) is { } answer)
            {
                byte[] framed = new byte[answer.Length + 2];
                BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)answer.Length);
                answer.CopyTo(framed, 2);
                await stream.WriteAsync(framed, silent.Token);
                silent.CancelAfter(Idle);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client went away or says nothing: either ends the connection.
        }
    }

    private static async Task<byte[]?> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        byte[] length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, stop) < 2)
            return null;
        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, stop);
        return message;
    }
}
