using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;

namespace Margay.Kernel.Tests.Harness;

/// <summary>The sockets that probes arrive at: a listener or a receiver for every target.</summary>
internal sealed class ProbeServers : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _expected = [];

    public ProbeServers(PodLab lab, IEnumerable<Probe> probes)
    {
        foreach (var (to, kind, port, family) in probes.Where(static probe => probe.Kind != ProbeKind.Icmp)
            .Select(static probe => (probe.To, probe.Kind, probe.Port, probe.Family)).Distinct())
        {
            var socket = NetworkNamespace.Run(lab[to].Namespace.Path, () => Listen(lab[to].Address(family), kind, port));
            _sockets.Add(socket);
            if (kind == ProbeKind.Udp) _ = ReceiveAsync(socket);
        }
    }

    /// <summary>Completes when the datagram with this content arrives.</summary>
    public Task Expect(Probe probe, byte[] token) => _expected.GetOrAdd(new Guid(token), static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
    }

    private static Socket Listen(IpAddr address, ProbeKind kind, ushort port)
    {
        var family = address.Family == IpFamily.V4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var socket = kind == ProbeKind.Tcp
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(address.ToIPAddress(), port));
        if (kind == ProbeKind.Tcp) socket.Listen(512);
        return socket;
    }

    private async Task ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[64];
        try
        {
            while (true)
            {
                int length = await socket.ReceiveAsync(buffer);
                if (length == 16 && _expected.TryGetValue(new Guid(buffer.AsSpan(0, 16)), out var waiting)) waiting.TrySetResult();
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The probes are over.
            return;
        }
    }
}
