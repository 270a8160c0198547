using System.Net;
using System.Net.Sockets;

namespace Margay.Testbed.Dns.Serving;

/// <summary>Answers datagrams one after the other: an answer is a look into memory.</summary>
internal sealed class UdpService(DnsResponder responder, int port) : IDisposable
{
    private readonly Socket _socket = Bound(port);

    public async Task RunAsync(CancellationToken stop)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.IPv6Any, 0), stop);
                if (responder.Answer(buffer.AsSpan(0, received.ReceivedBytes), datagram: true) is { } answer)
                    await _socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, stop);
            }
            catch (SocketException)
            {
                // Errors that the network reports for an earlier answer: the client has gone.
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        return socket;
    }
}
