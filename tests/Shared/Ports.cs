using System.Net;
using System.Net.Sockets;

namespace Margay.Tests;

/// <summary>
/// Ports that a program is told to listen at, also after it was killed. They are below those that the kernel hands out by itself
/// (<c>net.ipv4.ip_local_port_range</c>), so that no connection takes one meanwhile, and none is told twice.
/// </summary>
internal static class Ports
{
    private const int First = 15000, Blocks = 140, BlockSize = 100;

    // Another process on the same machine begins elsewhere.
    private static int s_next = Environment.ProcessId % Blocks * BlockSize;

    /// <summary>A port at which nobody listens.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = First + (Interlocked.Increment(ref s_next) % (Blocks * BlockSize));
            try
            {
                using var probe = new TcpListener(IPAddress.Any, port);
                probe.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody's.
            }
        }
    }
}
