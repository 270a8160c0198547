using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;

namespace Margay.Ipam.Allocation;

/// <content>Taking addresses back.</content>
public sealed partial class IpamClient
{
    /// <summary>
    /// Takes back every address that the handle has in the node's own blocks and in the blocks that its handle object
    /// names. That is all there are, but for addresses in a block that the node has lost: those the collector finds.
    /// Nothing to take back is no error.
    /// </summary>
    /// <param name="handle">The handle.</param>
    /// <param name="node">The node that asked for the addresses; null when it is not known.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <returns>The addresses that are free now.</returns>
    /// <exception cref="IpamContentionException">Too many lost races; try again.</exception>
    public async ValueTask<IReadOnlyList<IpAddr>> ReleaseHandleAsync(string handle, string? node, CancellationToken stop)
    {
        var own = node is null ? null : OwnOf(BlockOwner.Host(node));
        if (own?.Shelf is { } shelf) return await ReleaseTogetherAsync(handle, own, shelf, stop);
        if (own is not null) await own.Turn.WaitAsync(stop);
        try
        {
            var settings = await _settings(stop);
            var released = new List<IpAddr>();
            if (own is not null)
            {
                foreach (var (cidr, stored) in await own.ReadAsync(stop))
                {
                    if (stored.Block?.MayHold(handle) == true)
                        released.AddRange(await ReleaseHandleInBlockAsync(handle, cidr, settings.Cooldown, own, stop));
                }
            }
            released.AddRange(await ReleaseNamedAsync(handle, settings.Cooldown, own, stop));
            return released;
        }
        catch
        {
            own?.Forget();
            throw;
        }
        finally
        {
            own?.Turn.Release();
        }
    }

    // The object goes when the blocks it names hold nothing any more, in the version that named them.
    private async ValueTask<List<IpAddr>> ReleaseNamedAsync(string handle, TimeSpan cooldown, OwnBlocks? own, CancellationToken stop)
    {
        var released = new List<IpAddr>();
        var attempts = new Attempts(_options, _time);
        while (await attempts.NextAsync(stop))
        {
            if (await _records.HandleAsync(handle, stop) is not { } record) return released;
            foreach (var cidr in HandleRecords.BlocksOf(record))
                released.AddRange(await ReleaseHandleInBlockAsync(handle, cidr, cooldown, own, stop));
            if (await _records.DeleteAsync(record, stop) != WriteStatus.Conflict) return released;
        }
        throw new IpamContentionException($"releasing handle {handle}", _options.MaxAttempts);
    }

    /// <summary>Takes back addresses one by one, each only if it is still the tenant's that is meant.</summary>
    /// <returns>What became of each, in the order given.</returns>
    /// <exception cref="IpamContentionException">Too many lost races; try again.</exception>
    public async ValueTask<IReadOnlyList<(AddressRelease Release, ReleaseOutcome Outcome)>> ReleaseAsync(
        IReadOnlyList<AddressRelease> releases, CancellationToken stop)
    {
        var view = await _view(stop);
        var outcomes = new Dictionary<AddressRelease, ReleaseOutcome>();
        List<StoredBlock>? all = null;
        foreach (var release in releases.Distinct())
        {
            if (BlockInPool(view, release.Address) is null) all ??= await _records.BlocksAsync(stop);
        }
        foreach (var inBlock in releases.Distinct().GroupBy(r => BlockInPool(view, r.Address) ?? all?.Find(b => b.Cidr.Contains(r.Address))?.Cidr))
        {
            if (inBlock.Key is not { } cidr)
            {
                foreach (var release in inBlock) outcomes[release] = ReleaseOutcome.NotAssigned;
                continue;
            }
            foreach (var (release, outcome) in await ReleaseInBlockAsync(cidr, [.. inBlock], view.Settings.Cooldown, null, stop)) outcomes[release] = outcome;
        }
        return [.. releases.Select(r => (r, outcomes[r]))];
    }

    /// <summary>The addresses that the handle has, found as <see cref="ReleaseHandleAsync"/> finds them.</summary>
    public async ValueTask<IReadOnlyList<AssignedAddress>> FindAsync(string handle, string? node, CancellationToken stop)
    {
        var found = new List<AssignedAddress>();
        var own = node is null ? null : OwnOf(BlockOwner.Host(node));
        if (own is not null) await own.Turn.WaitAsync(stop);
        try
        {
            found.AddRange(Given(handle, own));
            var blocks = own is null ? [] : (await own.ReadAsync(stop)).ToDictionary(b => b.Key, b => b.Value.Block);
            foreach (var cidr in HandleRecords.BlocksOf(await _records.HandleAsync(handle, stop)))
                if (!blocks.ContainsKey(cidr)) blocks[cidr] = await _records.BlockAsync(cidr, stop);
            foreach (var (cidr, stored) in blocks.OrderBy(b => b.Key))
            {
                if (stored is null || !BlockRecord.TryRead(stored.Record, out var block, out _)) continue;
                bool borrowed = node is not null && block.Owner != BlockOwner.Host(node);
                found.AddRange(block.OfHandle(handle).Select(a => new AssignedAddress(a.Address, cidr, borrowed, a.Sequence, Known: true)));
            }
            return found;
        }
        finally
        {
            own?.Turn.Release();
        }
    }

    private async ValueTask<IReadOnlyList<IpAddr>> ReleaseHandleInBlockAsync(string handle, IpPrefix cidr, TimeSpan cooldown, OwnBlocks? own, CancellationToken stop)
    {
        IReadOnlyList<IpAddr> released = [];
        await EditAsync(cidr, cooldown, own, block =>
        {
            released = block.ReleaseHandle(handle, cooldown, _time.GetUtcNow());
            return released.Count > 0;
        }, stop);
        _metrics.Released(released.Count);
        return released;
    }

    private async ValueTask<IReadOnlyList<(AddressRelease, ReleaseOutcome)>> ReleaseInBlockAsync(
        IpPrefix cidr, IReadOnlyList<AddressRelease> releases, TimeSpan cooldown, OwnBlocks? own, CancellationToken stop)
    {
        List<(AddressRelease, ReleaseOutcome)> outcomes = [];
        Dictionary<string, int> left = [];
        await EditAsync(cidr, cooldown, own, block =>
        {
            (outcomes, left) = ([], []);
            foreach (var release in releases)
            {
                string? handle = block.Find(release.Address)?.Owner.CleanHandle;
                var outcome = block.Release(release.Address, release.Sequence, release.Handle, cooldown, _time.GetUtcNow());
                outcomes.Add((release, outcome));
                if (outcome == ReleaseOutcome.Released && handle is not null) left[handle] = 0;
            }
            foreach (string handle in left.Keys) left[handle] = block.OfHandle(handle).Count();
            return outcomes.Exists(o => o.Item2 == ReleaseOutcome.Released);
        }, stop);
        if (outcomes.Count == 0) return [.. releases.Select(r => (r, ReleaseOutcome.NotAssigned))];
        foreach (var (handle, count) in left) await _handles.SetAsync(handle, cidr, count, create: false, stop);
        _metrics.Released(outcomes.Count(o => o.Item2 == ReleaseOutcome.Released));
        return outcomes;
    }

    // Edits a block until the edit is stored or there is nothing to edit; a block left empty without an owner goes.
    private async ValueTask EditAsync(IpPrefix cidr, TimeSpan cooldown, OwnBlocks? own, Func<Block, bool> edit, CancellationToken stop)
    {
        var attempts = new Attempts(_options, _time);
        bool recalled = false;
        while (await attempts.NextAsync(stop))
        {
            // What is remembered is tried first: a write of an old version fails, and then the block is read.
            var stored = (recalled ? null : own?.Recall(cidr)) ?? await _records.BlockAsync(cidr, stop);
            recalled = true;
            if (stored?.Open(cooldown, _time.GetUtcNow()) is not { } block || !edit(block)) return;
            WriteStatus status;
            StoredBlock? now = null;
            if (block.IsEmpty && block.Owner is null) status = await _records.DeleteBlockAsync(stored, stop);
            else (status, now) = await _records.WriteBlockAsync(stored, block, stop);
            if (status == WriteStatus.Conflict) continue;
            own?.Note(cidr, now);
            if (status == WriteStatus.Done) return;
        }
        throw new IpamContentionException($"releasing from block {cidr}", _options.MaxAttempts);
    }

    private static IpPrefix? BlockInPool(IpamView view, IpAddr address)
    {
        foreach (var pool in view.Pools)
        {
            if (PoolSelection.LayoutOf(pool) is { } layout && layout.Pool.Contains(address)) return layout.BlockOf(address);
        }
        return null;
    }
}

/// <summary>An address to take back.</summary>
/// <param name="Address">The address.</param>
/// <param name="Sequence">When set, only from the tenant who got it at this sequence number.</param>
/// <param name="Handle">When set, only from this handle.</param>
public sealed record AddressRelease(IpAddr Address, ulong? Sequence, string? Handle);
