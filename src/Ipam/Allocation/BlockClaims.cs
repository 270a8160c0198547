using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// Claims blocks for nodes and gives them up. A claim has two phases: the affinity is written as pending, the block is
/// made (or, when it is there already and ours, written once more), and the affinity is confirmed. Whoever dies between
/// leaves a state from which the same node goes on and that nobody else mistakes for ownership. Giving up goes the other
/// way: pendingDeletion, block, affinity. Each side's next write fails when the other has moved, so one of them wins.
/// </summary>
internal sealed class BlockClaims(IpamRecords records, IpamClientOptions options, IpamMetrics metrics, TimeProvider time)
{
    /// <summary>Makes the block this owner's, or completes a claim that was left half done.</summary>
    /// <param name="owner">The claimer.</param>
    /// <param name="cidr">The block.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <param name="create">Whether to make the block when there is none; else the affinity goes too.</param>
    /// <returns>The block as it stands; null when it is not this owner's.</returns>
    /// <exception cref="IpamContentionException">Too many lost races.</exception>
    public async ValueTask<StoredBlock?> ClaimAsync(BlockOwner owner, IpPrefix cidr, CancellationToken stop, bool create = true)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            var affinity = await records.AffinityAsync(owner, cidr, stop);
            var block = await records.BlockAsync(cidr, stop);
            if (affinity is not null && IpamRecords.IsConfirmed(affinity) && block?.Owner == owner) return block;

            if (block is null ? !create : block.Owner != owner || block.Open(TimeSpan.Zero, default) is null)
            {
                // Stale, or lost: an affinity without its block must not stay behind.
                if (affinity is not null) await records.DeleteAsync(affinity, stop);
                return null;
            }

            if (affinity is null)
                affinity = (await records.CreateAffinityAsync(owner, cidr, BlockAffinityState.Pending, stop)).Value;
            else if (affinity.Spec.State != BlockAffinityState.Pending)
                affinity = (await records.SetStateAsync(affinity, BlockAffinityState.Pending, stop)).Value;
            if (affinity is null) continue;

            block = await TakeBlockAsync(owner, cidr, block, stop);
            if (block is null) continue;

            if ((await records.SetStateAsync(affinity, BlockAffinityState.Confirmed, stop)).Status == WriteStatus.Done) return block;
        }
        throw new IpamContentionException($"claiming block {cidr} for {owner}", options.MaxAttempts);
    }

    /// <summary>Claims a block that has no owner yet, or takes over an empty one, in the order of the pools.</summary>
    /// <param name="owner">The claimer.</param>
    /// <param name="tried">The owner's blocks that the caller knows already.</param>
    /// <param name="pools">Where to look.</param>
    /// <param name="reserved">Blocks that are wholly reserved are of no use.</param>
    /// <param name="cooldown">How long released addresses rest.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <returns>The block; null when there is none to claim.</returns>
    public async ValueTask<StoredBlock?> ClaimAnyAsync(BlockOwner owner, IReadOnlySet<IpPrefix> tried,
        IReadOnlyList<UsablePool> pools, ReservedRanges reserved, TimeSpan cooldown, CancellationToken stop)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            var existing = (await records.BlocksAsync(stop)).ToDictionary(b => b.Cidr);
            // Ours, but not known to the caller: claimed by a brother at this moment, or its affinity was lost.
            var ours = existing.Values.Where(b => b.Owner == owner && !tried.Contains(b.Cidr) && pools.Any(p => p.Layout.IsBlock(b.Cidr)));
            if (ours.FirstOrDefault(b => b.Open(cooldown, time.GetUtcNow())?.FreeCount(reserved) > 0) is { } found)
            {
                if (await ClaimAsync(owner, found.Cidr, stop) is { } recovered) return recovered;
                continue;
            }
            if (FindUnclaimed(owner, pools, reserved, existing) is { } cidr)
            {
                if (await ClaimAsync(owner, cidr, stop) is not { } claimed) continue;
                metrics.Claimed(reclaimed: false);
                return claimed;
            }
            if (await ReclaimAsync(owner, pools, reserved, existing, cooldown, stop) is not { } freed) return null;
            if (await ClaimAsync(owner, freed, stop) is not { } taken) continue;
            metrics.Claimed(reclaimed: true);
            return taken;
        }
        throw new IpamContentionException($"claiming a block for {owner}", options.MaxAttempts);
    }

    /// <summary>Gives up a block.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="cidr">The block.</param>
    /// <param name="onlyIfEmpty">Leave it when an address is in use; else it goes on without an owner until it is empty.</param>
    /// <param name="onlyAtSequence">Leave it when it was written since.</param>
    /// <param name="cooldown">How long released addresses rest.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async ValueTask<GiveUpOutcome> GiveUpAsync(
        BlockOwner owner, IpPrefix cidr, bool onlyIfEmpty, ulong? onlyAtSequence, TimeSpan cooldown, CancellationToken stop)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            var affinity = await records.AffinityAsync(owner, cidr, stop);
            var stored = await records.BlockAsync(cidr, stop);
            if (stored is null || stored.Owner != owner)
            {
                if (affinity is not null) await records.DeleteAsync(affinity, stop);
                return GiveUpOutcome.NotOwner;
            }
            if (stored.Open(cooldown, time.GetUtcNow()) is not { } block) return GiveUpOutcome.Unreadable;
            if (onlyAtSequence is { } sequence && sequence != block.SequenceNumber) return GiveUpOutcome.Changed;
            if (onlyIfEmpty && !block.IsEmpty) return GiveUpOutcome.InUse;

            if (affinity is not null)
            {
                affinity = (await records.SetStateAsync(affinity, BlockAffinityState.PendingDeletion, stop)).Value;
                if (affinity is null) continue;
            }
            WriteStatus status;
            if (block.IsEmpty)
            {
                status = await records.DeleteBlockAsync(stored, stop);
            }
            else
            {
                (block.Owner, block.ClaimedAt) = (null, null);
                (status, _) = await records.WriteBlockAsync(stored, block, stop);
            }
            if (status == WriteStatus.Conflict)
            {
                // The block was used meanwhile. Its claim is made good again by the same steps as any claim, because
                // confirming it outright could meet a block that a third one has just taken.
                await ClaimAsync(owner, cidr, stop, create: false);
                continue;
            }
            if (affinity is not null) await records.DeleteAsync(affinity, stop);
            return GiveUpOutcome.GivenUp;
        }
        throw new IpamContentionException($"giving up block {cidr} of {owner}", options.MaxAttempts);
    }

    private async ValueTask<StoredBlock?> TakeBlockAsync(BlockOwner owner, IpPrefix cidr, StoredBlock? block, CancellationToken stop)
    {
        if (block is null)
            return StoredBlock.From((await records.CreateBlockAsync(Block.Create(cidr, owner, time.GetUtcNow()), stop)).Value);
        // A new version makes the last step of anyone who is giving the block up fail.
        return BlockRecord.TryRead(block.Record, out var copy, out _) ? (await records.WriteBlockAsync(block, copy, stop)).Now : null;
    }

    private static IpPrefix? FindUnclaimed(
        BlockOwner owner, IReadOnlyList<UsablePool> pools, ReservedRanges reserved, Dictionary<IpPrefix, StoredBlock> existing)
    {
        foreach (var pool in pools)
        {
            // Once every block of a pool exists there is no use in walking it; counting is cheaper.
            var made = (UInt128)existing.Keys.Count(pool.Layout.IsBlock);
            if (made >= pool.Layout.BlockCount) continue;
            foreach (var cidr in pool.Layout.CandidatesFor(owner.Name))
            {
                if (!existing.ContainsKey(cidr) && !reserved.ContainsAll(cidr)) return cidr;
            }
        }
        return null;
    }

    // Small pools with small blocks run dry while blocks lie empty with nodes that no longer need them.
    private async ValueTask<IpPrefix?> ReclaimAsync(BlockOwner owner, IReadOnlyList<UsablePool> pools, ReservedRanges reserved,
        Dictionary<IpPrefix, StoredBlock> existing, TimeSpan cooldown, CancellationToken stop)
    {
        foreach (var stored in existing.Values.Where(b => pools.Any(p => p.Layout.IsBlock(b.Cidr))).OrderBy(b => b.Cidr))
        {
            if (stored.Owner is not { } other || other == owner || reserved.ContainsAll(stored.Cidr)) continue;
            if (stored.Open(cooldown, time.GetUtcNow()) is not { IsEmpty: true } block) continue;
            // Two nodes must not take a block from each other before either has used it.
            if (block.ClaimedAt is { } at && time.GetUtcNow() - at < options.ReclaimAge) continue;
            var outcome = await GiveUpAsync(other, stored.Cidr, onlyIfEmpty: true, block.SequenceNumber, cooldown, stop);
            if (outcome is GiveUpOutcome.GivenUp or GiveUpOutcome.NotOwner) return stored.Cidr;
        }
        return null;
    }
}

/// <summary>What became of giving up a block.</summary>
internal enum GiveUpOutcome
{
    /// <summary>The owner has it no more.</summary>
    GivenUp,

    /// <summary>It was not the owner's; a stale affinity is gone.</summary>
    NotOwner,

    /// <summary>Addresses are in use.</summary>
    InUse,

    /// <summary>The block was written since it was looked at.</summary>
    Changed,

    /// <summary>The block cannot be understood.</summary>
    Unreadable,
}
