using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Allocation;

/// <summary>
/// The blocks of one node, as this client knows them. Without <see cref="IpamClientOptions.SoleWriterOfNode"/> they are
/// read for each request; with it they are remembered, and a write that fails on an old version corrects the memory.
/// </summary>
internal sealed class OwnBlocks(BlockOwner owner, IpamRecords records, IpamClientOptions options)
{
    // Replaced and never edited: requests that need no turn look into it.
    private volatile SortedDictionary<IpPrefix, OwnBlock>? _known;

    /// <summary>One request at a time edits the node's blocks here; rivals within a process would only fail each other's writes.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Who owns them.</summary>
    public BlockOwner Owner => owner;

    /// <summary>The addresses that the node keeps ready; null when it keeps none.</summary>
    public WarmShelf? Shelf { get; } = options.KeepsWarm && owner.Type == BlockOwner.HostType ? new WarmShelf(owner.Name) : null;

    /// <summary>The blocks as they are remembered just now, on any thread; empty when nothing is.</summary>
    public IReadOnlyDictionary<IpPrefix, OwnBlock> Remembered => (IReadOnlyDictionary<IpPrefix, OwnBlock>?)_known ?? new Dictionary<IpPrefix, OwnBlock>();

    /// <summary>A block as it is remembered, when it may be tried without reading it.</summary>
    public StoredBlock? Recall(IpPrefix cidr) => options.SoleWriterOfNode && _known?.GetValueOrDefault(cidr) is { Complete: true } known ? known.Block : null;

    /// <summary>The blocks by prefix.</summary>
    public async ValueTask<IReadOnlyDictionary<IpPrefix, OwnBlock>> ReadAsync(CancellationToken stop)
    {
        if (_known is { } known && options.SoleWriterOfNode) return new Dictionary<IpPrefix, OwnBlock>(known);
        var read = new SortedDictionary<IpPrefix, OwnBlock>();
        foreach (var affinity in await records.AffinitiesAsync(owner, stop))
        {
            if (!IpPrefix.TryParse(affinity.Spec.Cidr, out var cidr)) continue;
            var block = await records.BlockAsync(cidr, stop);
            if (block is not null && block.Owner != owner)
            {
                await records.DeleteAsync(affinity, stop);   // stale: the block went to somebody else
                continue;
            }
            read[cidr] = new OwnBlock(block, Complete: block is not null && IpamRecords.IsConfirmed(affinity));
        }
        _known = read;
        return new Dictionary<IpPrefix, OwnBlock>(read);
    }

    /// <summary>Takes note of a block's state after a read or write; null when it is no longer this node's.</summary>
    public void Note(IpPrefix cidr, StoredBlock? block)
    {
        if (_known is not { } old) return;
        var known = new SortedDictionary<IpPrefix, OwnBlock>(old);
        if (block?.Owner == owner) known[cidr] = new OwnBlock(block, Complete: true);
        else known.Remove(cidr);
        _known = known;
    }

    /// <summary>Forgets everything: after a failure nobody knows which writes were stored.</summary>
    public void Forget() => _known = null;
}

/// <summary>A block that a node claims.</summary>
/// <param name="Block">Its state; null when the claim got no further than the affinity.</param>
/// <param name="Complete">False when the claim must be completed before anything is given from the block.</param>
internal readonly record struct OwnBlock(StoredBlock? Block, bool Complete);
