using System.Threading.Channels;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cni;

/// <summary>
/// Handles whose addresses must be given back but could not be, because the API server was away when the pod was deleted:
/// one empty file each. A deletion must not wait for the API server, and an address must not be lost.
/// </summary>
internal sealed class PendingReleases(string folder, CniAddresses addresses, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Gives a handle's addresses back now, or notes it for later.</summary>
    public async Task ReleaseAsync(string handle, CancellationToken stop)
    {
        // The note comes first: a crash between note and release repeats the release, which is harmless.
        Directory.CreateDirectory(folder);
        string note = Path.Combine(folder, handle);
        await File.WriteAllBytesAsync(note, [], stop);
        try
        {
            await addresses.ReleaseAsync(handle, stop);
            File.Delete(note);
        }
        catch (Exception cause) when (IsPassing(cause))
        {
            logger.ReleaseStaysPending(handle, cause.Message);
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>The container starts again under the same handle: what it has is not to be taken.</summary>
    public void Forget(string handle) => File.Delete(Path.Combine(folder, handle));

    /// <summary>Tries again until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        while (!stop.IsCancellationRequested)
        {
            foreach (var note in Directory.GetFiles(folder))
            {
                try
                {
                    await addresses.ReleaseAsync(Path.GetFileName(note), stop);
                    File.Delete(note);
                }
                catch (Exception cause) when (IsPassing(cause))
                {
                    logger.ReleaseStaysPending(Path.GetFileName(note), cause.Message);
                    break;
                }
            }
            if (Directory.EnumerateFiles(folder).Any()) await Task.Delay(_period, time, stop);
            else await _wake.Reader.ReadAsync(stop);
        }
    }

    private static bool IsPassing(Exception cause) => cause is HttpRequestException or IOException or ApiException or IpamContentionException;
}
