using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Wiring;

/// <summary>
/// Deletes interfaces behind the back of whoever wants them gone. The kernel waits for grace periods when an interface
/// goes (15 to 20 ms); DEL answers before, and interfaces that retire together share one wait. They retire by joining a
/// group, so that a restart in between loses none.
/// </summary>
internal sealed class LinkReaper(Func<IRouteNetlink> open, ILogger logger) : IDisposable
{
    /// <summary>The group of interfaces that have retired: "mgry" as a number.</summary>
    internal const uint Group = 0x6d677279;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lazy<IRouteNetlink> _netlink = new(open);
    private int _kicked;

    /// <summary>Deletes what has retired, soon.</summary>
    internal void Kick()
    {
        if (Interlocked.Exchange(ref _kicked, 1) == 0) _ = Task.Run(FlushAsync);
    }

    /// <summary>When this is done, everything that had retired before the call is gone.</summary>
    internal async Task FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            Volatile.Write(ref _kicked, 0);
            foreach (var refused in _netlink.Value.TryRun([new DeleteLinkGroup(Group)]))
                if (refused.Cause.Errno != Errno.ENODEV) logger.RetiredLinksStay(refused.Cause);
        }
        catch (Exception e) when (e is LinuxException or ObjectDisposedException)
        {
            // They stay in the group: the next deletion, or the next start, takes them along.
            logger.RetiredLinksStay(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Wait();
        if (_netlink.IsValueCreated) _netlink.Value.Dispose();
        _turn.Release();
    }
}
