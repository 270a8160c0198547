using System.Threading.Channels;
using Margay.Foundation.Concurrency;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cni;

/// <summary>
/// What the node remembers of the handles under which its containers hold addresses, as empty files: who has asked, so
/// that a first request needs no look into the datastore, and who must give back but could not, because the API server
/// was away when the pod was deleted. A deletion must not wait for the API server, and an address must not be lost.
/// The folder is on a file system that a reboot clears, as it does containers.
/// </summary>
internal sealed class ContainerHandles(string folder, CniAddresses addresses, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);
    // A new pod may ask for the address of the old one: a deletion waits for its release, but not for an API server that does not answer.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly string _asked = Path.Combine(folder, "asked");
    private readonly string _releases = Path.Combine(folder, "releases");
    private readonly KeyedLock _turns = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Makes the folders.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(_asked);
        Directory.CreateDirectory(_releases);
    }

    /// <summary>A container starts and will ask for addresses: what it has is not to be taken any more.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="stop">Ends the wait for a release of the same handle that is under way.</param>
    /// <returns>True when it has never asked before.</returns>
    public async ValueTask<bool> TakeAsync(string handle, CancellationToken stop)
    {
        // A release that is under way ends first: else it could free what this container is given next.
        using var turn = await _turns.AcquireAsync(handle, stop);
        string release = Path.Combine(_releases, handle), asked = Path.Combine(_asked, handle);
        bool known = File.Exists(release) || File.Exists(asked);
        // In this order: a crash in between leaves a note that says "known", never none.
        File.WriteAllBytes(asked, []);
        File.Delete(release);
        return !known;
    }

    /// <summary>Gives a handle's addresses back now, or, when that takes long, later: the note is on disk before this returns.</summary>
    public async Task ReleaseAsync(string handle, CancellationToken stop)
    {
        // The note comes first: a crash between note and release repeats the release, which is harmless.
        await File.WriteAllBytesAsync(Path.Combine(_releases, handle), [], stop);
        using var patience = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await GiveBackAsync(handle, either.Token);
        }
        catch (Exception cause) when (IsPassing(cause) || (cause is OperationCanceledException && !stop.IsCancellationRequested))
        {
            logger.ReleaseStaysPending(handle, cause.Message);
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>Tries again until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (string note in Directory.GetFiles(_releases))
            {
                string handle = Path.GetFileName(note);
                try
                {
                    await GiveBackAsync(handle, stop);
                    _told.Remove(handle);
                }
                catch (Exception cause) when (IsPassing(cause))
                {
                    if (_told.Add(handle)) logger.ReleaseStaysPending(handle, cause.Message);
                    // An answer that refuses this one says nothing of the others; no answer does.
                    if (cause is not ApiException) break;
                }
            }
            if (Directory.EnumerateFiles(_releases).Any()) await Task.Delay(_period, time, stop);
            else await _wake.Reader.ReadAsync(stop);
        }
    }

    private async Task GiveBackAsync(string handle, CancellationToken stop)
    {
        using var turn = await _turns.AcquireAsync(handle, stop);
        // Without its note the handle has been taken again meanwhile.
        if (!File.Exists(Path.Combine(_releases, handle))) return;
        await addresses.ReleaseAsync(handle, stop);
        File.Delete(Path.Combine(_asked, handle));
        File.Delete(Path.Combine(_releases, handle));
    }

    private static bool IsPassing(Exception cause) => cause is HttpRequestException or IOException or ApiException or IpamContentionException;
}
