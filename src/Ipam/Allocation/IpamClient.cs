using System.Collections.Concurrent;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// Gives and takes back addresses. Any number of clients, in any number of processes, may work on one datastore; every
/// write is compare-and-swap. Every operation may be cut off at any point and repeated.
/// </summary>
public sealed partial class IpamClient
{
    private readonly Func<CancellationToken, ValueTask<IpamView>> _view;
    private readonly Func<CancellationToken, ValueTask<IpamSettings>> _settings;
    private readonly IpamClientOptions _options;
    private readonly IpamMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IpamRecords _records;
    private readonly BlockClaims _claims;
    private readonly HandleRecords _handles;
    private readonly ConcurrentDictionary<BlockOwner, OwnBlocks> _own = new();

    /// <summary>Makes a client.</summary>
    /// <param name="store">The datastore.</param>
    /// <param name="options">How it works.</param>
    /// <param name="metrics">Where it counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="view">
    /// What people have configured, from caches; null reads pools, reservations and settings for each request.
    /// </param>
    public IpamClient(IIpamStore store, IpamClientOptions options, IpamMetrics metrics, TimeProvider time,
        Func<CancellationToken, ValueTask<IpamView>>? view = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_options, _metrics, _time) = (options, metrics, time);
        _view = view ?? (stop => IpamView.ReadAsync(store, stop));
        // A release needs the cooldown only: without caches that is one request instead of three.
        _settings = view is null
            ? async stop => IpamSettings.From(await store.GetAsync<IPAMConfiguration>(IpamSettings.Name, stop))
            : async stop => (await view(stop)).Settings;
        _records = new IpamRecords(store, metrics);
        _claims = new BlockClaims(_records, options, metrics, time);
        _handles = new HandleRecords(_records, options, time);
    }

    /// <summary>
    /// Gives the handle as many addresses of each family as it asks for, all or none. Addresses that it has already count;
    /// none that was given before is taken away by a refusal.
    /// </summary>
    public async ValueTask<AssignResult> AssignAsync(AddressRequest request, CancellationToken stop)
    {
        var own = OwnOf(request.Owner);
        if (await TakeReadyAsync(request, own, stop) is { } ready) return ready;
        var waiter = own.Shelf is { } shelf && CanJoin(request) ? shelf.Join(request) : null;
        try
        {
            await own.Turn.WaitAsync(stop);
        }
        catch
        {
            Leave(own, waiter);
            throw;
        }
        try
        {
            return await ServeWaitersAsync(request.Handle, own, waiter, stop) ?? await AssignInTurnAsync(request, own, stop);
        }
        catch (IpamContentionException contention)
        {
            own.Forget();
            _metrics.Refused(RefusalKind.Contended);
            return Refused.Because(RefusalKind.Contended, contention.Message);
        }
        catch
        {
            own.Forget();
            throw;
        }
        finally
        {
            Leave(own, waiter);
            own.Shelf?.Tell();
            own.Turn.Release();
        }
    }

    private async ValueTask<AssignResult> AssignInTurnAsync(AddressRequest request, OwnBlocks own, CancellationToken stop)
    {
        var view = await _view(stop);
        var blocks = await own.ReadAsync(stop);
        var handle = request.IsFirst ? null : await _records.HandleAsync(request.Handle, stop);
        var all = new List<AssignedAddress>();
        foreach (var family in new[] { IpFamily.V4, IpFamily.V6 })
        {
            if (request.CountOf(family) <= 0) continue;
            var run = new AssignRun(request, family, view, own, _records, _claims, _handles, _options, _metrics, _time);
            var refused = await run.RunAsync(blocks, handle, stop);
            all.AddRange(run.Found);
            if (refused is null) continue;

            _metrics.Refused(refused.Kind);
            await TakeBackAsync(all.Where(a => !a.Known), request.Handle, own, view, stop);
            return refused.Kind == RefusalKind.Exhausted
                ? PoolFigures.Explain(refused, request, family, view, await _records.BlocksAsync(stop), _time.GetUtcNow())
                : refused;
        }
        return new Assigned(all);
    }

    private async ValueTask TakeBackAsync(IEnumerable<AssignedAddress> addresses, string handle, OwnBlocks own, IpamView view, CancellationToken stop)
    {
        foreach (var inBlock in addresses.GroupBy(a => a.Block))
            await ReleaseInBlockAsync(inBlock.Key, [.. inBlock.Select(a => new AddressRelease(a.Address, a.Sequence, handle))], view.Settings.Cooldown, own, stop);
    }

    private OwnBlocks OwnOf(BlockOwner owner) => _own.GetOrAdd(owner, key => new OwnBlocks(key, _records, _options));
}
