using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Bench.Cluster;

/// <summary>
/// From the API's answer to a policy edit until packets meet the new policy. One pod sends datagrams to another all the
/// time, each from a fresh socket and so a connection of its own, stamped with the time of sending. After a Deny the last
/// stamp that arrives counts, after an Allow the first.
/// </summary>
internal static class TrafficFigures
{
    private const int Samples = 40;
    private const int Port = 7000;
    private static readonly TimeSpan Pause = TimeSpan.FromMicroseconds(200);

    public static async Task RunInsideAsync(string programs, CancellationToken stop)
    {
        using var scene = new ClusterScene(programs);
        await scene.Client.CreateAsync(new IPPool { Metadata = { Name = "bench" }, Spec = { Cidr = "10.77.0.0/16", BlockSize = 26 } }, stop);
        var policy = await scene.Client.CreateAsync(Policy("Allow"), stop);
        await scene.StartNodeAsync(stop);
        await using var sender = await CniPod.StartAsync(scene, programs, "sender", stop);
        await using var receiver = await CniPod.StartAsync(scene, programs, "receiver", stop);

        var arrivals = new Arrivals(receiver);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = Task.Factory.StartNew(() => Send(sender, receiver.Address, ended.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            List<double> closing = [], opening = [];
            for (int i = 0; i < Samples; i++)
            {
                bool close = i % 2 == 0;
                if (close) await arrivals.NextAsync(stop);
                arrivals.Restart();
                policy.Spec = Policy(close ? "Deny" : "Allow").Spec;
                policy = await scene.Client.UpdateAsync(policy, stop);
                long answered = Stopwatch.GetTimestamp();
                // Closing is over when nothing arrives for a while; opening when the first has arrived.
                long decisive = close ? await arrivals.LastAsync(TimeSpan.FromMilliseconds(300), stop) : await arrivals.NextAsync(stop);
                (close ? closing : opening).Add(Math.Max(0, (decisive - answered) * 1e3 / Stopwatch.Frequency));
            }
            Print("policy closes -> last packet that still passed", closing);
            Print("policy opens -> first packet that passed", opening);
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
        }
    }

    private static GlobalNetworkPolicy Policy(string action) => new()
    {
        Metadata = { Name = "traffic" },
        Spec =
        {
            Tier = "default",
            Order = 10,
            Selector = "app == 'receiver'",
            Types = ["Ingress"],
            Ingress = [new Rule { Action = action, Protocol = Protocol.Parse("UDP"), Destination = new() { Ports = [PolicyPort.Parse($"{Port}")] } }],
        },
    };

    private static void Send(CniPod from, IpAddr to, CancellationToken ended)
    {
        var target = new IPEndPoint(to.ToIPAddress(), Port);
        byte[] stamp = new byte[8];
        while (!ended.IsCancellationRequested)
        {
            using (var socket = NetworkNamespace.Run(from.NetNs, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)))
            {
                BitConverter.TryWriteBytes(stamp, Stopwatch.GetTimestamp());
                try
                {
                    socket.SendTo(stamp, target);
                }
                catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AccessDenied or SocketError.HostUnreachable or SocketError.NetworkUnreachable)
                {
                    // A closed policy may answer.
                }
            }
            long until = Stopwatch.GetTimestamp() + (long)(Pause.TotalSeconds * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < until) Thread.Yield();
        }
    }

    private static void Print(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine($"{what}: p50 {times[times.Count / 2]:F1} ms, p90 {times[times.Count * 9 / 10]:F1} ms, max {times[^1]:F1} ms");
    }

    /// <summary>The stamps of the datagrams that arrive.</summary>
    private sealed class Arrivals(CniPod receiver)
    {
        private readonly Socket _socket = NetworkNamespace.Run(receiver.NetNs, () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
            socket.Bind(new IPEndPoint(receiver.Address.ToIPAddress(), Port));
            return socket;
        });

        private readonly byte[] _buffer = new byte[64];

        /// <summary>Drops what has arrived so far.</summary>
        public void Restart()
        {
            while (_socket.Available > 0) _socket.Receive(_buffer);
        }

        /// <summary>The stamp of the next datagram.</summary>
        public async Task<long> NextAsync(CancellationToken stop)
        {
            await _socket.ReceiveAsync(_buffer, stop).AsTask().WaitAsync(TimeSpan.FromSeconds(5), stop);
            return BitConverter.ToInt64(_buffer);
        }

        /// <summary>The stamp of the last datagram before a silence of this length; 0 when none came at all.</summary>
        public async Task<long> LastAsync(TimeSpan silence, CancellationToken stop)
        {
            long last = 0;
            while (true)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(silence);
                try
                {
                    await _socket.ReceiveAsync(_buffer, limit.Token);
                    last = BitConverter.ToInt64(_buffer);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    return last;
                }
            }
        }
    }
}
