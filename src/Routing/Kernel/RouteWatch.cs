using System.Threading.Channels;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Microsoft.Extensions.Logging;

namespace Margay.Routing.Kernel;

/// <summary>
/// Tells a <see cref="RouteDataplane"/> what happens in the kernel: an interface that a route waits for appears, a route of
/// ours is removed by somebody.
/// </summary>
/// <param name="dataplane">Whose routes.</param>
/// <param name="pending">Called when some could not be programmed: has the owner of the data plane try again.</param>
/// <param name="logger">The log.</param>
public sealed class RouteWatch(RouteDataplane dataplane, Func<CancellationToken, ValueTask> pending, ILogger<RouteWatch> logger)
{
    // How long the end may take to be noticed; between events the thread does nothing else.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // How long more events are collected while the last burst is being handled.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    /// <summary>Listens until the end. The monitor must have been opened before the data plane first read the kernel.</summary>
    public async Task RunAsync(RouteMonitor monitor, CancellationToken stop)
    {
        var bursts = Channel.CreateBounded<List<RouteEvent>>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var listening = Task.Factory.StartNew(() => Listen(monitor, bursts.Writer, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await foreach (var burst in bursts.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (!stop.IsCancellationRequested) await HandleAsync(burst, stop);
        }
        await listening;
    }

    private async Task HandleAsync(List<RouteEvent> burst, CancellationToken stop)
    {
        try
        {
            int stolen = await dataplane.HandleAsync(burst, stop);
            if (stolen > 0) logger.RoutesRemovedByOthers(stolen);
        }
        catch (Exception e) when (e is RoutesPendingException or LinuxException)
        {
            logger.RoutesStayPending(e.Message);
            await pending(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    // Waiting in the kernel wants a thread of its own. While the last burst is handled events pile up into the next one.
    private static void Listen(RouteMonitor monitor, ChannelWriter<List<RouteEvent>> bursts, CancellationToken stop)
    {
        try
        {
            var burst = new List<RouteEvent>();
            while (!stop.IsCancellationRequested)
            {
                monitor.Receive(burst, burst.Count == 0 ? Patience : Linger);
                if (burst.Count > 0 && bursts.TryWrite(burst)) burst = [];
            }
            bursts.TryComplete();
        }
        catch (Exception e)
        {
            bursts.TryComplete(e);
        }
    }
}
