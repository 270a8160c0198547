using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Margay.Bench.PacketPath;

/// <summary>
/// One-byte request and response over one TCP connection (RR), and connect, one byte, response, abortive close (CRR).
/// Blocking calls on one thread: on one core with its peer, the median is the processor time of one transaction.
/// </summary>
internal static class Probe
{
    /// <summary>Answers every byte with itself, one connection after the other, until the process ends.</summary>
    public static int Serve(IPEndPoint address)
    {
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen(128);
        Console.WriteLine("listening");
        var buffer = new byte[1];
        while (true)
        {
            using var connection = listener.Accept();
            connection.NoDelay = true;
            try
            {
                while (connection.Receive(buffer) == 1) connection.Send(buffer);
            }
            catch (SocketException cause) when (cause.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The client of CRR closes abortively so that it never runs out of ports.
            }
        }
    }

    /// <summary>Median microseconds of one transaction over the given time.</summary>
    public static double Median(IPEndPoint server, bool connectEachTime, TimeSpan duration)
    {
        var samples = new List<long>(1 << 18);
        var buffer = new byte[1];
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        if (connectEachTime)
        {
            while (Stopwatch.GetTimestamp() is var began && began < end)
            {
                using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new(true, 0) };
                socket.Connect(server);
                socket.Send(buffer);
                socket.Receive(buffer);
                socket.Close();
                samples.Add(Stopwatch.GetTimestamp() - began);
            }
        }
        else
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(server);
            while (Stopwatch.GetTimestamp() is var began && began < end)
            {
                socket.Send(buffer);
                socket.Receive(buffer);
                samples.Add(Stopwatch.GetTimestamp() - began);
            }
        }
        samples.Sort();
        return samples[samples.Count / 2] * 1e6 / Stopwatch.Frequency;
    }
}
