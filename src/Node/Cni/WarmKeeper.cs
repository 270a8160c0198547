using Margay.Ipam.Allocation;
using Margay.Ipam.Warm;
using Margay.Model.Datastore;
using Margay.Node.Endpoints;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cni;

/// <summary>
/// Writes down, behind the answers, which of the addresses that the node keeps ready were given, and keeps new ones ready.
/// Pods that start within a moment share a write.
/// </summary>
internal sealed class WarmKeeper(IpamClient ipam, string node, TimeProvider time, ILogger<WarmKeeper> logger)
{
    private static readonly TimeSpan _gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(2);

    /// <summary>Says which addresses a service before this one gave; the latest first, should two records name one address.</summary>
    public void Remember(IEnumerable<LocalEndpointRecord> newestFirst) => ipam.Remember(node, [.. newestFirst.SelectMany(Gifts)]);

    /// <summary>Runs until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool told = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                foreach (var lost in await ipam.SettleAsync(node, stop)) logger.GiftLost(lost.Address.ToString(), lost.Handle);
                told = false;
                await PauseAsync(stop);
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException or ApiException or IpamContentionException)
            {
                if (!told) logger.GiftsStayUnwritten(cause.Message);
                told = true;
                await Task.Delay(_retry, time, stop);
            }
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // A node that is not registered yet is looked for soon again.
        var pause = Task.Delay(ipam.MayGiveReady(node) ? _idle : _retry, time, either.Token);
        await Task.WhenAny(ipam.WaitForGiftAsync(node, either.Token), pause);
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
        await Task.Delay(_gather, time, stop);
    }

    private IEnumerable<WarmGift> Gifts(LocalEndpointRecord record)
    {
        var owner = AddressRequest.OfPod(record.Namespace, record.Name, node, time.GetUtcNow());
        return record.ParsedAddresses.Select(address => new WarmGift(address, record.Handle, owner));
    }
}
