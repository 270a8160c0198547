using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>Gives up blocks that stay empty without need, and finishes claims that were cut off.</summary>
internal sealed class BlockCollector(IpamRecords records, BlockClaims claims, TimeProvider time, TimeSpan grace)
{
    private readonly Suspects<(IpPrefix Cidr, ulong Sequence)> _empty = new(grace);
    private readonly Suspects<(string Affinity, string Version)> _claims = new(grace);

    public async ValueTask<(int GivenUp, int Mended)> RunAsync(IpamSnapshot snapshot, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var cooldown = snapshot.View.Settings.Cooldown;
        var blocks = snapshot.Readable().ToDictionary(b => b.Block.Cidr);
        int givenUp = await WakeAsync(blocks.Values.Select(b => b.Record), cooldown, now, stop);
        foreach (var (cidr, sequence) in _empty.Observe(Needless(snapshot, [.. blocks.Values.Select(b => b.Block)]), now))
        {
            var (record, block) = blocks[cidr];
            if (block.Owner is { } owner)
            {
                if (await claims.GiveUpAsync(owner, cidr, onlyIfEmpty: true, sequence, cooldown, stop) == GiveUpOutcome.GivenUp) givenUp++;
            }
            else if (await records.DeleteAsync(record, stop) == WriteStatus.Done)
            {
                givenUp++;
            }
        }
        return (givenUp, await MendClaimsAsync(snapshot, cooldown, now, stop));
    }

    // A block that nobody writes any more keeps its cooled addresses from being free, and itself from being empty.
    private async ValueTask<int> WakeAsync(IEnumerable<IPAMBlock> blocks, TimeSpan cooldown, DateTimeOffset now, CancellationToken stop)
    {
        int gone = 0;
        foreach (var record in blocks)
        {
            if (!BlockRecord.TryRead(record, out var block, out _) || !block.FreeCooled(cooldown, now)) continue;
            if (StoredBlock.From(record) is not { } stored) continue;
            if (block.IsEmpty && block.Owner is null) gone += await records.DeleteBlockAsync(stored, stop) == WriteStatus.Done ? 1 : 0;
            else await records.WriteBlockAsync(stored, block, stop);
        }
        return gone;
    }

    // Empty blocks that nobody has, whose node is gone, whose pool is gone or no longer takes the node; and spare ones of a
    // node that has another block with room. A node's only block stays: its next pod would have to claim one again.
    private static IEnumerable<(IpPrefix, ulong)> Needless(IpamSnapshot snapshot, List<Block> blocks)
    {
        var kept = new HashSet<(BlockOwner, IpFamily, string?)>();
        foreach (var block in blocks.OrderBy(b => b.IsEmpty).ThenBy(b => b.Cidr))
        {
            var pool = snapshot.View.Pools.FirstOrDefault(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) && cidr.Contains(block.Cidr));
            if (block.Owner is { } owner && owner.Type == BlockOwner.VirtualType)
            {
                if (pool is null && block.IsEmpty) yield return (block.Cidr, block.SequenceNumber);
                continue;
            }
            bool hasRoom = block.FreeCount(snapshot.View.Reserved) > 0;
            bool needed = block.Owner is { } host
                && snapshot.Nodes.TryGetValue(host.Name, out var node) && pool is not null && PoolSelection.SelectsNode(pool, node.Metadata.Labels)
                && (!hasRoom || kept.Add((host, block.Cidr.Family, pool.Metadata.Name)));
            if (!needed && block.IsEmpty) yield return (block.Cidr, block.SequenceNumber);
        }
    }

    private async ValueTask<int> MendClaimsAsync(IpamSnapshot snapshot, TimeSpan cooldown, DateTimeOffset now, CancellationToken stop)
    {
        var blocks = snapshot.Readable().GroupBy(b => b.Block.Cidr).ToDictionary(g => g.Key, g => g.First().Block);
        var suspects = new Dictionary<(string, string), (BlockAffinity Affinity, IpPrefix Cidr)>();
        foreach (var affinity in snapshot.Affinities)
        {
            if (!IpPrefix.TryParse(affinity.Spec.Cidr, out var cidr)) continue;
            var owner = IpamRecords.OwnerOf(affinity);
            bool whole = IpamRecords.IsConfirmed(affinity) && blocks.GetValueOrDefault(cidr)?.Owner == owner;
            if (!whole) suspects[(affinity.Metadata.Name!, affinity.Metadata.ResourceVersion ?? "")] = (affinity, cidr);
        }
        int mended = 0;
        foreach (var proven in _claims.Observe(suspects.Keys, now))
        {
            var (affinity, cidr) = suspects[proven];
            var owner = IpamRecords.OwnerOf(affinity);
            // In use: the claim is made good. Empty: given up. No block, or somebody else's: the affinity goes.
            if (await claims.GiveUpAsync(owner, cidr, onlyIfEmpty: true, null, cooldown, stop) == GiveUpOutcome.InUse)
                await claims.ClaimAsync(owner, cidr, stop, create: false);
            mended++;
        }
        return mended;
    }
}
