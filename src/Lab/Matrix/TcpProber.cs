using System.Net;
using System.Net.Sockets;
using Margay.Linux.Namespaces;

namespace Margay.Lab.Matrix;

/// <summary>
/// Makes TCP connections from inside pods. A socket belongs to the network namespace of the thread that made it, for as
/// long as it lives: one short visit to a namespace makes all of a pod's sockets, and ordinary asynchronous code connects them.
/// </summary>
internal sealed class TcpProber(TimeSpan patience, int parallel) : IDisposable
{
    private readonly SemaphoreSlim _places = new(parallel);

    /// <summary>Tries to connect from one pod to every target; the answers are in the order of the targets.</summary>
    public async Task<ProbeOutcome[]> ProbeAsync(string netns, IReadOnlyList<ProbeTarget> targets, CancellationToken stop)
    {
        var sockets = NetworkNamespace.Run(netns, () => targets.Select(target => Make(target.Address)).ToArray());
        try
        {
            return await Task.WhenAll(sockets.Zip(targets, (socket, target) => ConnectAsync(socket, target, stop)));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    public void Dispose() => _places.Dispose();

    private static Socket Make(IPAddress address) =>
        new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };

    private async Task<ProbeOutcome> ConnectAsync(Socket socket, ProbeTarget target, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        attempt.CancelAfter(patience);
        try
        {
            await socket.ConnectAsync(target.Address, target.Port, attempt.Token);
            return ProbeOutcome.Open;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused ? ProbeOutcome.Refused : ProbeOutcome.Closed;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ProbeOutcome.Closed;
        }
        finally
        {
            _places.Release();
        }
    }
}
