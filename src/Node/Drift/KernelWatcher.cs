using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;
using Margay.Node.Engine;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Drift;

/// <summary>
/// Listens to what the kernel says about changes that others make, on a thread of its own, and has the engine compare.
/// Lost notifications count as a change.
/// </summary>
internal sealed class KernelWatcher(string name, Func<NetlinkSocket> open, Func<NetlinkVisitor> newScan, Func<bool> isForeign, NodeEngine engine, ILogger logger)
{
    private static readonly TimeSpan _lookUp = TimeSpan.FromMilliseconds(500);

    // A burst of foreign changes is answered once, when it pauses.
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs until <paramref name="stop"/> ends.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Listen(stop);
                ended.SetResult();
            }
            catch (Exception cause)
            {
                ended.SetException(cause);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return ended.Task;
    }

    private void Listen(CancellationToken stop)
    {
        using var socket = open();
        var scan = newScan();
        bool due = false;
        while (!stop.IsCancellationRequested)
        {
            bool heard;
            try
            {
                heard = socket.Receive(scan, due ? _quiet : _lookUp);
                due |= isForeign();
            }
            catch (NetlinkException cause) when (cause.Errno == Errno.ENOBUFS)
            {
                (heard, due) = (true, true);
            }
            if (heard || !due) continue;
            due = false;
            logger.KernelChangedByOthers(name);
            // The engine's inbox is bounded; this thread may wait for it.
            engine.SendAsync(new Resync(null), stop).AsTask().Wait(stop);
        }
    }
}
