using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Margay.Lab.Control;
using Margay.Lab.Matrix;
using Margay.Linux.Namespaces;
using Margay.Model.Resources;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>Servers in every pod of the world and outside, and clients that send real packets between them.</summary>
internal sealed class PacketWorld : IAsyncDisposable
{
    private static readonly int[] TcpPorts = [8080, 9090];
    private static readonly int[] UdpPorts = [8080, 5353];
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private readonly Dictionary<string, string> _netns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _addresses = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Socket> _servers = [];
    private readonly List<Task> _serving = [];

    public PacketWorld(IEnumerable<ProbeSource> sources, IEnumerable<Pod> pods, string internet)
    {
        foreach (var source in sources) _netns[source.Label] = source.Netns;
        foreach (var pod in pods) _addresses[$"{pod.Metadata.Namespace}/{pod.Metadata.Name}"] = [.. PodFacts.Addresses(pod)];
        foreach (string netns in _netns.Where(pod => !pod.Key.StartsWith("kube-system/", StringComparison.Ordinal)).Select(pod => pod.Value).Append($"/run/netns/{internet}"))
            NetworkNamespace.Run(netns, Serve);
    }

    /// <summary>Whether a packet and its answer come through.</summary>
    public async Task<bool> ReachesAsync(ScenarioProbe probe, CancellationToken stop)
    {
        string path = _netns[probe.From.ToString()];
        var target = Address(probe.To, probe.Ipv6);
        if (probe.Protocol == "icmp") return await PingAsync(path, target, stop);
        bool tcp = probe.Protocol == "tcp";
        using var socket = NetworkNamespace.Run(
            path, () => new Socket(target.AddressFamily, tcp ? SocketType.Stream : SocketType.Dgram, tcp ? ProtocolType.Tcp : ProtocolType.Udp));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            if (tcp) socket.LingerState = new LingerOption(true, 0);
            await socket.ConnectAsync(target, probe.Port, limit.Token);
            if (tcp) return true;
            await socket.SendAsync("ping"u8.ToArray(), limit.Token);
            return await socket.ReceiveAsync(new byte[16], limit.Token) > 0;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var server in _servers) server.Dispose();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    // A ping that policy stops blocks its thread for the whole patience. On the pool, a few of them at once would leave no
    // thread to the echo servers of this process, and what policy allows would look denied.
    private static Task<bool> PingAsync(string netns, IPAddress target, CancellationToken stop) => Task.Factory.StartNew(
        () => NetworkNamespace.Run(netns, () => Ping(target)), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // On the calling thread, with a raw socket, so that it is the thread's namespace that sends.
    private static bool Ping(IPAddress target)
    {
        using var ping = new Ping();
        return ping.Send(target, (int)Patience.TotalMilliseconds).Status == IPStatus.Success;
    }

    private IPAddress Address(ProbeEnd end, bool ipv6)
    {
        string[] all = end.Address is { } address ? [address] : _addresses[end.ToString()];
        return all.Select(IPAddress.Parse).First(candidate => candidate.AddressFamily == (ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork));
    }

    private void Serve()
    {
        foreach (int port in TcpPorts)
        {
            var server = Bind(SocketType.Stream, ProtocolType.Tcp, port);
            server.Listen(64);
            lock (_serving) _serving.Add(Task.Run(() => AcceptAsync(server)));
        }

        foreach (int port in UdpPorts)
        {
            var server = Bind(SocketType.Dgram, ProtocolType.Udp, port);
            lock (_serving) _serving.Add(Task.Run(() => EchoAsync(server)));
        }
    }

    private Socket Bind(SocketType type, ProtocolType protocol, int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, type, protocol) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        _servers.Add(socket);
        return socket;
    }

    private Task AcceptAsync(Socket server) => UntilStoppedAsync(async () =>
    {
        var client = await server.AcceptAsync(_stop.Token);
        lock (_serving) _serving.Add(HoldAsync(client));
    });

    // Until the client goes: a server that goes first can break off a connection that the client has just made.
    private async Task HoldAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await client.ReceiveAsync(new byte[1], _stop.Token);
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                client.LingerState = new LingerOption(true, 0);
            }
        }
    }

    private Task EchoAsync(Socket server) => UntilStoppedAsync(async () =>
    {
        byte[] buffer = new byte[64];
        var received = await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0), _stop.Token);
        await server.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, _stop.Token);
    });

    // A client that has gone, or an answer that policy stops, ends one round and not the server.
    private async Task UntilStoppedAsync(Func<Task> round)
    {
        int broken = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await round();
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                broken++;
            }
        }
    }
}
