using System.Diagnostics;
using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;
using Margay.Node.Engine;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Drift;

/// <summary>
/// Listens to what the kernel says about changes that others make to our table of nftables, on a thread of its own, and has the
/// engine compare, also when notifications were lost. Routes have a watch of their own in the route data plane.
/// </summary>
internal sealed class KernelWatcher(NftablesChanges changes, NodeEngine engine, ILogger logger)
{
    private const string Part = "nftables";

    private static readonly TimeSpan _lookUp = TimeSpan.FromMilliseconds(500);

    // A burst of foreign changes is answered once, when it pauses, or when it has lasted: other tables may never be quiet.
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(200);

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
            Name = Part,
        };
        thread.Start();
        return ended.Task;
    }

    private void Listen(CancellationToken stop)
    {
        using var socket = NftablesChanges.Open();
        bool changed = false, lost = false;
        long since = 0;
        while (!stop.IsCancellationRequested)
        {
            bool heard;
            try
            {
                heard = socket.Receive(changes.Read, changed || lost ? _quiet : _lookUp);
                changed |= changes.TakeForeign();
            }
            catch (NetlinkException cause) when (cause.Errno == Errno.ENOBUFS)
            {
                (heard, lost) = (true, true);
            }
            if (!(changed || lost)) continue;
            if (since == 0) since = Stopwatch.GetTimestamp();
            if (heard && Stopwatch.GetElapsedTime(since) < _longest) continue;
            if (changed) logger.KernelChangedByOthers(Part);
            else logger.NotificationsLost(Part);
            (changed, lost, since) = (false, false, 0);
            // The engine's inbox is bounded; this thread may wait for it.
            engine.SendAsync(new Resync(), stop).AsTask().GetAwaiter().GetResult();
        }
    }
}
