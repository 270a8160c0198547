using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Margay.ApiServer.Tests.Relay;

/// <summary>The way between a relay and its API server, which a test can cut.</summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly ConcurrentBag<TcpClient> _open = [];
    private volatile bool _cut;

    public Wire(string server)
    {
        _target = new Uri(server).Port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Breaks all connections, and each new one.</summary>
    public void Cut()
    {
        _cut = true;
        while (_open.TryTake(out TcpClient? client)) client.Dispose();
    }

    public void Mend() => _cut = false;

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = JoinAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        {
            if (_cut) return;
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target);
                _open.Add(near);
                _open.Add(far);
                if (_cut) return;
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut.
            }
        }
    }
}
