using System.Net;
using System.Net.Sockets;
using Margay.Linux.Namespaces;

namespace Margay.Kernel.Tests.Harness;

/// <summary>An established TCP connection between two machines of the lab.</summary>
internal sealed class ConnectedPair : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Socket _client;
    private readonly Socket _server;

    private ConnectedPair(Socket client, Socket server)
    {
        _client = client;
        _server = server;
    }

    public static async Task<ConnectedPair> OpenAsync(PodLab lab, string from, string to, ushort port, CancellationToken stop)
    {
        var target = new IPEndPoint(lab[to].V4.ToIPAddress(), port);
        using var listener = NetworkNamespace.Run(lab[to].Namespace.Path, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(target);
        listener.Listen();
        var client = NetworkNamespace.Run(lab[from].Namespace.Path, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await client.ConnectAsync(target, stop);
        return new ConnectedPair(client, await listener.AcceptAsync(stop));
    }

    /// <summary>How often the client has sent something again (<c>tcpi_total_retrans</c> of <c>TCP_INFO</c>, linux/tcp.h): what is cut for a moment arrives late, and counts here.</summary>
    public uint Retransmissions
    {
        get
        {
            const int IPPROTO_TCP = 6, TCP_INFO = 11, TotalRetransmissions = 100;
            var info = new byte[TotalRetransmissions + sizeof(uint)];
            _client.GetRawSocketOption(IPPROTO_TCP, TCP_INFO, info);
            return BitConverter.ToUInt32(info, TotalRetransmissions);
        }
    }

    /// <summary>Sends a byte to the server; false when it does not arrive.</summary>
    public async Task<bool> PingAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Silence);
        try
        {
            await _client.SendAsync(new byte[1], limit.Token);
            return await _server.ReceiveAsync(new byte[1], limit.Token) == 1;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
