using System.Net;
using System.Net.Sockets;
using Margay.Linux.Namespaces;

namespace Margay.Lab.Tests.Resilience;

/// <summary>Traffic that runs while something is broken. Sockets are made inside the pods' namespaces.</summary>
internal static class Traffic
{
    // No measure of speed: a connection whose packets are dropped without a word never ends by itself. What is lost for some seconds,
    // TCP sends again within this time.
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(20);

    /// <summary>UDP datagrams sent without pause from a pod until <paramref name="stop"/> ends; returns how many.</summary>
    public static Task<long> FloodAsync(string netns, IPEndPoint target, CancellationToken stop) => Task.Factory.StartNew(
        () =>
        {
            using var socket = NetworkNamespace.Run(netns, () => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
            long sent = 0;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    socket.SendTo("flood"u8, target);
                    sent++;
                }
                catch (SocketException)
                {
                    // No route to the pod at this moment: that is one way of being closed.
                }
                // A few thousand a second from each flooder are enough to be there at any instant, and leave the machine able to work.
                Thread.SpinWait(20_000);
            }
            return sent;
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>UDP datagrams that reached the pod's IP stack since its namespace was made, with or without a socket for them.</summary>
    public static long DatagramsReceived(string netns) => NetworkNamespace.Run(netns, () =>
    {
        var lines = File.ReadLines("/proc/thread-self/net/snmp").Where(line => line.StartsWith("Udp:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        long Of(string column) => long.Parse(lines[1][Array.IndexOf(lines[0], column)]);
        return Of("InDatagrams") + Of("NoPorts");
    });

    /// <summary>
    /// A TCP connection that carries a byte to and fro until <paramref name="stop"/> ends. Returns the number of round trips
    /// and the longest one; a connection that breaks throws, and so does one on which nothing has come back for 20 seconds.
    /// </summary>
    public static async Task<(long RoundTrips, TimeSpan Longest)> ConverseAsync(string netns, IPEndPoint server, TimeProvider time, CancellationToken stop)
    {
        using var socket = NetworkNamespace.Run(netns, () => new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await socket.ConnectAsync(server, stop);
        long trips = 0;
        var longest = TimeSpan.Zero;
        byte[] buffer = new byte[1];
        while (!stop.IsCancellationRequested)
        {
            long began = time.GetTimestamp();
            await socket.SendAsync(buffer, CancellationToken.None);
            if (await ReceiveAsync(socket, buffer, time, trips) != 1) throw new IOException($"The connection ended after {trips} round trips.");
            var took = time.GetElapsedTime(began);
            if (took > longest) longest = took;
            trips++;
            await Task.Delay(TimeSpan.FromMilliseconds(2), time, CancellationToken.None);
        }
        return (trips, longest);
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer, TimeProvider time, long trips)
    {
        using var silence = new CancellationTokenSource(_silence, time);
        try
        {
            return await socket.ReceiveAsync(buffer, silence.Token);
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"Nothing has come back for {_silence.TotalSeconds} s after {trips} round trips.");
        }
    }

    /// <summary>Echoes bytes of every connection until <paramref name="stop"/> ends.</summary>
    public static Socket ServeEcho(string netns, int port, CancellationToken stop)
    {
        var listener = NetworkNamespace.Run(netns, () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            socket.Listen();
            return socket;
        });
        _ = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested) _ = EchoAsync(await listener.AcceptAsync(stop), stop);
            },
            stop);
        return listener;
    }

    private static async Task EchoAsync(Socket client, CancellationToken stop)
    {
        using (client)
        {
            byte[] buffer = new byte[1];
            while (await client.ReceiveAsync(buffer, stop) == 1) await client.SendAsync(buffer, stop);
        }
    }
}
