using Margay.Cni.Protocol;
using Margay.Cni.Wire;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Server;

/// <summary>
/// Serves the notes about containers that were deleted while the service was away: at start, when one is written (a
/// plugin may decide that the service is away in the moment it starts), and every so often.
/// </summary>
internal sealed class TombstoneKeeper(Tombstones tombstones, CniDispatcher dispatcher, TimeSpan period, TimeProvider time, ILogger logger)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    internal async Task RunAsync(CancellationToken stop)
    {
        using var wake = new SemaphoreSlim(0);
        using var watcher = Watch(() => wake.Release());
        while (true)
        {
            try
            {
                await SweepAsync(stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_told.Add(tombstones.Location)) logger.TombstoneStays(tombstones.Location, e.Message);
            }
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(wake.WaitAsync(pause.Token), Task.Delay(period, time, pause.Token));
            stop.ThrowIfCancellationRequested();
            await pause.CancelAsync();
        }
    }

    internal async Task SweepAsync(CancellationToken stop)
    {
        foreach (var (path, note) in tombstones.List())
        {
            // DEL removes the note when it is done; one that fails stays and is tried again.
            var error = note is null
                ? new CniError(CniErrorCode.Decode, "There is no request in it.")
                : await dispatcher.ServeTombstoneAsync(note, stop);
            if (error is null) logger.TombstoneServed(note!.Environment.ContainerId);
            else if (_told.Add(path)) logger.TombstoneStays(path, error.Message);
        }
    }

    private FileSystemWatcher? Watch(Action changed)
    {
        try
        {
            Directory.CreateDirectory(tombstones.Location);
            var watcher = new FileSystemWatcher(tombstones.Location) { NotifyFilter = NotifyFilters.FileName };
            watcher.Renamed += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException e)
        {
            // The machine's inotify watches are used up.
            logger.TombstonesUnwatched(tombstones.Location, period, e);
            return null;
        }
    }
}
