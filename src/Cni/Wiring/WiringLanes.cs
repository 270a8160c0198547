using Margay.Linux.Route;

namespace Margay.Cni.Wiring;

/// <summary>
/// Where wiring happens: threads of its own, each with a socket of its own. Wiring waits for the kernel's one lock for links, in system
/// calls; on the pool's few threads everything else of the process (the calculation, the answers of the API server) would wait behind it.
/// </summary>
internal sealed class WiringLanes : IDisposable
{
    // More only wait for each other in the kernel.
    private const int Count = 4;

    private readonly SemaphoreSlim _free = new(Count, Count);
    private readonly Stack<IRouteNetlink> _sockets = [];

    /// <summary>Opens the lanes' sockets.</summary>
    public WiringLanes(Func<IRouteNetlink> open)
    {
        for (int i = 0; i < Count; i++) _sockets.Push(open());
    }

    /// <summary>Does work that waits for the kernel, in the order of the calls.</summary>
    /// <param name="work">Gets a socket in the node's namespace for as long as it runs.</param>
    /// <param name="stop">Ends the wait for a lane.</param>
    public async Task<T> RunAsync<T>(Func<IRouteNetlink, T> work, CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        IRouteNetlink socket;
        lock (_sockets) socket = _sockets.Pop();
        try
        {
            return await Task.Factory.StartNew(() => work(socket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            lock (_sockets) _sockets.Push(socket);
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _free.Dispose();
    }
}
