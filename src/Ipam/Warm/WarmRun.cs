using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Warm;

/// <summary>Writes down what a node has given, serves who waits and keeps more ready: block by block, in its turn.</summary>
internal sealed class WarmRun(
    WarmShelf shelf, OwnBlocks own, IpamView view, Node? node, IpamRecords records, IpamClientOptions options, IpamMetrics metrics, TimeProvider time)
{
    private readonly List<(WarmWaiter Waiter, IpFamily Family, IpPrefix Block)> _seats = [];
    private readonly HashSet<string> _stocked = [];
    private readonly Dictionary<IpPrefix, int> _room = [];

    /// <summary>What people have configured.</summary>
    public IpamView View => view;

    /// <summary>Given here, but somebody else's in the block.</summary>
    public List<WarmGift> Lost { get; } = [];

    /// <summary>Given here, from blocks that the node has no more.</summary>
    public List<WarmGift> Homeless { get; } = [];

    public async ValueTask RunAsync(IReadOnlyDictionary<IpPrefix, OwnBlock> blocks, CancellationToken stop)
    {
        if (!shelf.Started) AdoptRecords(blocks);
        var leaving = shelf.Leaving.Where(l => !l.IsDone).ToList();
        foreach (var leaver in leaving) leaver.Freed.AddRange(shelf.Return(leaver.Handle));
        foreach (var waiter in shelf.Waiting.Where(w => w.Result is null)) Seat(waiter, blocks);
        var pools = UsualPools();
        foreach (var (cidr, known) in blocks.Where(b => b.Value is { Complete: true, Block: not null }).OrderBy(b => b.Key))
            await SettleAsync(known.Block!, pools.Find(p => p.Layout.IsBlock(cidr)), leaving, stop);
        Homeless.AddRange(shelf.Given.Where(g => !blocks.Any(b => b.Value.Complete && b.Key.Contains(g.Address))));
        foreach (var leaver in leaving) leaver.IsDone = true;
        shelf.Started = true;
    }

    // Records decide: an address that the block still keeps for the node and a record gives to a pod is the pod's.
    private void AdoptRecords(IReadOnlyDictionary<IpPrefix, OwnBlock> blocks)
    {
        foreach (var gift in shelf.Records)
        {
            var block = Open(blocks.FirstOrDefault(b => b.Key.Contains(gift.Address)).Value.Block);
            if (block?.Find(gift.Address) is { } found && WarmOwner.IsOf(shelf.Node, found.Owner)) shelf.Adopt(gift);
        }
    }

    // Only where every family has room for it; else it goes the long way, which can claim blocks.
    private void Seat(WarmWaiter waiter, IReadOnlyDictionary<IpPrefix, OwnBlock> blocks)
    {
        var seats = new List<(WarmWaiter, IpFamily, IpPrefix)>();
        var promised = new List<IpPrefix>();
        foreach (var family in waiter.Families.Where(waiter.Needs))
        {
            // An earlier request of the same handle may have landed though its answer was lost: the block that has it serves it, full or not.
            if (blocks.FirstOrDefault(b => b.Key.Family == family && Holds(b.Value.Block, waiter.Request.Handle)) is { Value.Block: not null } held)
            {
                seats.Add((waiter, family, held.Key));
                continue;
            }
            var room = PoolSelection.Select(view.Pools, waiter.Request, family).Pools.SelectMany(p => blocks
                .Where(b => p.Layout.IsBlock(b.Key) && b.Value is { Complete: true, Block: { } block } && RoomIn(block) > 0).OrderBy(b => b.Key));
            if (room.FirstOrDefault() is not { Value.Block: not null } first) return;
            seats.Add((waiter, family, first.Key));
            promised.Add(first.Key);
        }
        foreach (var cidr in promised) _room[cidr]--;
        _seats.AddRange(seats);
    }

    private bool Holds(StoredBlock? block, string handle) => block?.MayHold(handle) == true && Open(block)?.OfHandle(handle).Any() == true;

    // How many of those who wait a block can serve: without addresses that cool down or are reserved, and those that others have been promised.
    private int RoomIn(StoredBlock block)
    {
        if (!_room.TryGetValue(block.Cidr, out int left))
            _room[block.Cidr] = left = block.MayHaveRoom ? Open(block)?.FreeCount(view.Reserved) ?? 0 : 0;
        return left;
    }

    // The pools from which most pods of the node get their addresses: those that no namespace must ask for.
    private List<UsablePool> UsualPools()
    {
        if (node is null || options.WarmAddresses is null or 0) return [];
        var usual = new AddressRequest("", shelf.Node, node.Metadata.Labels, shelf.Keeper.Attributes) { CountV4 = 1, CountV6 = 1 };
        return [.. PoolSelection.Select(view.Pools, usual, IpFamily.V4).Pools, .. PoolSelection.Select(view.Pools, usual, IpFamily.V6).Pools];
    }

    private async ValueTask SettleAsync(StoredBlock stored, UsablePool? pool, List<WarmLeaver> leaving, CancellationToken stop)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            if (Open(stored) is not { } block || block.Owner != own.Owner)
            {
                shelf.Lost(stored.Cidr);
                own.Note(stored.Cidr, null);
                return;
            }
            var freed = Free(stored, block, leaving);
            var served = Serve(block);
            int target = pool is null || _stocked.Contains(pool.Name) ? 0 : WarmEdit.Target(block, shelf.Node, options.WarmAddresses ?? 0, view.Reserved);
            var work = shelf.WorkFor(block, target, view.Reserved);
            if (work.IsNeeded || served.Count > 0 || freed.Count > 0)
            {
                var lost = WarmEdit.Apply(block, work, shelf.Keeper, view.Reserved, view.Settings.Cooldown, time.GetUtcNow());
                var (status, now) = await records.WriteBlockAsync(stored, block, stop);
                own.Note(stored.Cidr, now ?? (status == WriteStatus.Missing ? null : await records.BlockAsync(stored.Cidr, stop)));
                if (status != WriteStatus.Done)
                {
                    if (own.Recall(stored.Cidr) is not { } again)
                    {
                        shelf.Lost(stored.Cidr);
                        return;
                    }
                    stored = again;
                    continue;
                }
                shelf.Stored(block, work);
                Lost.AddRange(lost);
                foreach (var (waiter, address) in served) waiter.Found(address);
                foreach (var (leaver, addresses) in freed) leaver.Freed.AddRange(addresses);
                metrics.Released(freed.Sum(f => f.Addresses.Count));
                metrics.Assigned(served.Count(s => !s.Address.Known), borrowed: false);
            }
            if (target > 0) _stocked.Add(pool!.Name);
            return;
        }
        throw new IpamContentionException($"settling block {stored.Cidr}", options.MaxAttempts);
    }

    private List<(WarmLeaver Leaver, IReadOnlyList<IpAddr> Addresses)> Free(StoredBlock stored, Block block, List<WarmLeaver> leaving)
    {
        var freed = new List<(WarmLeaver, IReadOnlyList<IpAddr>)>();
        foreach (var leaver in leaving.Where(l => stored.MayHold(l.Handle)))
        {
            if (block.ReleaseHandle(leaver.Handle, view.Settings.Cooldown, time.GetUtcNow()) is { Count: > 0 } addresses) freed.Add((leaver, addresses));
        }
        return freed;
    }

    private List<(WarmWaiter Waiter, AssignedAddress Address)> Serve(Block block)
    {
        var served = new List<(WarmWaiter, AssignedAddress)>();
        foreach (var (waiter, family, cidr) in _seats)
        {
            if (cidr != block.Cidr || !waiter.Needs(family)) continue;
            if (block.OfHandle(waiter.Request.Handle).FirstOrDefault() is { Owner: not null } known)
                served.Add((waiter, new AssignedAddress(known.Address, cidr, Borrowed: false, known.Sequence, Known: true)));
            else if (block.AssignAny(1, waiter.Tenant, view.Reserved) is [var given])
                served.Add((waiter, new AssignedAddress(given, cidr, Borrowed: false, block.SequenceNumber, Known: false)));
        }
        return served;
    }

    private Block? Open(StoredBlock? stored) => stored?.Open(view.Settings.Cooldown, time.GetUtcNow());
}
