using System.Net;
using System.Net.Sockets;
using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;

namespace Margay.Kernel.Tests.Harness;

/// <summary>
/// Sends probes as real packets and says whether each arrived. Probes that should arrive are waited for; silence can only be
/// waited out, which all probes of a call do together.
/// </summary>
internal sealed class Prober(PodLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the probes whose outcome was not what they expect.</summary>
    public async Task<List<Probe>> RunAsync(IEnumerable<Probe> probes, CancellationToken stop)
    {
        var all = probes.ToList();
        using var servers = new ProbeServers(lab, all);
        bool[] arrived = await Task.WhenAll(all.Select(probe => SendAsync(probe, servers, stop)));
        return [.. all.Where((probe, i) => arrived[i] != probe.Allowed)];
    }

    private async Task<bool> SendAsync(Probe probe, ProbeServers servers, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(probe.Allowed ? Patience : Silence);
        try
        {
            return probe.Kind switch
            {
                ProbeKind.Tcp => await ConnectAsync(probe, limit.Token),
                ProbeKind.Udp => await DatagramAsync(probe, servers, limit.Token),
                _ => await EchoAsync(probe, limit.Token),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
        catch (SocketException)
        {
            // Refused or rejected on the way.
            return false;
        }
    }

    private async Task<bool> ConnectAsync(Probe probe, CancellationToken stop)
    {
        using var socket = Open(probe, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Target(probe), stop);
        socket.LingerState = new LingerOption(true, 0);
        return true;
    }

    private async Task<bool> DatagramAsync(Probe probe, ProbeServers servers, CancellationToken stop)
    {
        using var socket = Open(probe, SocketType.Dgram, ProtocolType.Udp);
        byte[] token = Guid.NewGuid().ToByteArray();
        var arrival = servers.Expect(probe, token);
        await socket.SendToAsync(token, Target(probe), stop);
        await arrival.WaitAsync(stop);
        return true;
    }

    private async Task<bool> EchoAsync(Probe probe, CancellationToken stop)
    {
        bool v4 = probe.Family == IpFamily.V4;
        using var socket = Open(probe, SocketType.Raw, v4 ? ProtocolType.Icmp : ProtocolType.IcmpV6);
        byte[] request = new byte[24];
        request[0] = v4 ? (byte)8 : (byte)128;
        Guid.NewGuid().TryWriteBytes(request.AsSpan(4));
        if (v4) WriteChecksum(request);
        await socket.SendToAsync(request, Target(probe), stop);
        byte[] buffer = new byte[512];
        while (true)
        {
            var received = await socket.ReceiveFromAsync(buffer, Target(probe), stop);
            // Raw IPv4 sockets see the IP header; IPv6 ones do not.
            var message = buffer.AsSpan(0, received.ReceivedBytes)[(v4 ? 20 : 0)..];
            if (message.Length >= 20 && message[0] == (v4 ? 0 : 129) && message[4..20].SequenceEqual(request.AsSpan(4, 16))) return true;
        }
    }

    private Socket Open(Probe probe, SocketType type, ProtocolType protocol) => NetworkNamespace.Run(lab[probe.From].Namespace.Path, () =>
    {
        var socket = new Socket(probe.Family == IpFamily.V4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, type, protocol);
        var own = lab[probe.From].Address(probe.Family).ToIPAddress();
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(own, type == SocketType.Raw ? 0 : probe.SourcePort));
        return socket;
    });

    private IPEndPoint Target(Probe probe) => new(lab[probe.To].Address(probe.Family).ToIPAddress(), probe.Port);

    // RFC 1071.
    private static void WriteChecksum(Span<byte> message)
    {
        uint sum = 0;
        for (int i = 0; i < message.Length; i += 2) sum += (uint)((message[i] << 8) | message[i + 1]);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        message[2] = (byte)(~sum >> 8);
        message[3] = (byte)~sum;
    }
}
