using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// One family of one request: first what the handle has already, then the node's own blocks, then a new block, then
/// other nodes' blocks.
/// </summary>
internal sealed class AssignRun(
    AddressRequest request, IpFamily family, IpamView view, OwnBlocks own, IpamRecords records, BlockClaims claims,
    HandleRecords handles, IpamClientOptions options, IpamMetrics metrics, TimeProvider time)
{
    private readonly BlockOwner _owner = request.Owner;
    private readonly AllocationOwner _tenant = new() { HandleId = request.Handle, Attributes = request.Attributes };
    private readonly List<AssignedAddress> _found = [];
    private readonly Dictionary<string, string> _why = [];
    private readonly HashSet<IpPrefix> _recorded = [];

    /// <summary>What was given, or known already; also when the request is refused, to be taken back.</summary>
    public IReadOnlyList<AssignedAddress> Found => _found;

    private int Missing => request.CountOf(family) - _found.Count;

    /// <summary>Null when every address is found; else why not.</summary>
    public async ValueTask<Refused?> RunAsync(IReadOnlyDictionary<IpPrefix, OwnBlock> ownBlocks, IPAMHandle? handle, CancellationToken stop)
    {
        await FindKnownAsync(ownBlocks, handle, stop);
        if (Missing <= 0) return null;
        var selection = PoolSelection.Select(view.Pools, request, family);
        if (selection.Refused is { } refused) return refused;

        var tried = await AssignFromOwnAsync(ownBlocks, selection, stop);
        if (Missing > 0) await AssignFromNewAsync(tried, selection, stop);
        // What is no node has nobody to borrow from: its pools serve it alone.
        if (Missing > 0 && !view.Settings.StrictAffinity && _owner.Type == BlockOwner.HostType) await BorrowAsync(selection, stop);
        await TidyHandleAsync(stop);
        return Missing <= 0 ? null : Exhausted(selection);
    }

    private async ValueTask FindKnownAsync(IReadOnlyDictionary<IpPrefix, OwnBlock> ownBlocks, IPAMHandle? handle, CancellationToken stop)
    {
        foreach (var (cidr, stored) in ownBlocks.Where(b => b.Key.Family == family).OrderBy(b => b.Key))
        {
            if (stored.Block?.MayHold(request.Handle) == true) Recognise(Open(stored.Block), cidr);
        }
        foreach (var cidr in HandleRecords.BlocksOf(handle).Where(c => c.Family == family && !ownBlocks.ContainsKey(c)))
            Recognise(Open(await records.BlockAsync(cidr, stop)), cidr);
    }

    private void Recognise(Block? block, IpPrefix cidr)
    {
        // The oldest first, should a crash have left more than was asked for; the collector takes the rest.
        foreach (var allocation in (block?.OfHandle(request.Handle) ?? []).OrderBy(a => a.Sequence))
        {
            if (Missing <= 0) return;
            if (_found.All(f => f.Address != allocation.Address))
                _found.Add(new AssignedAddress(allocation.Address, cidr, block!.Owner != _owner, allocation.Sequence, Known: true));
        }
    }

    private async ValueTask<HashSet<IpPrefix>> AssignFromOwnAsync(
        IReadOnlyDictionary<IpPrefix, OwnBlock> ownBlocks, PoolSelection selection, CancellationToken stop)
    {
        var tried = new HashSet<IpPrefix>();
        foreach (var pool in selection.Pools)
        {
            foreach (var (cidr, known) in ownBlocks.Where(b => pool.Layout.IsBlock(b.Key)).OrderBy(b => b.Key))
            {
                tried.Add(cidr);
                if (Missing <= 0) return tried;
                if (known.Block?.MayHaveRoom == false || view.Reserved.ContainsAll(cidr)) continue;
                var stored = known.Complete ? known.Block : null;
                if (stored is null)
                {
                    stored = await claims.ClaimAsync(_owner, cidr, stop);
                    own.Note(cidr, stored);
                }
                if (stored is not null) await AssignFromAsync(stored, borrow: false, stop);
            }
        }
        return tried;
    }

    private async ValueTask AssignFromNewAsync(HashSet<IpPrefix> tried, PoolSelection selection, CancellationToken stop)
    {
        while (Missing > 0)
        {
            if (!view.Settings.AutoAllocateBlocks)
            {
                Note(selection, "nodes may not claim blocks (autoAllocateBlocks is false)");
                return;
            }
            if (_owner.Type == BlockOwner.HostType && tried.Count >= view.Settings.MaxBlocksPerHost)
            {
                Note(selection, $"node {request.Node} has {tried.Count} of {view.Settings.MaxBlocksPerHost} blocks that it may own");
                return;
            }
            if (await claims.ClaimAnyAsync(_owner, tried, selection.Pools, view.Reserved, view.Settings.Cooldown, stop) is not { } stored) return;
            tried.Add(stored.Cidr);
            own.Note(stored.Cidr, stored);
            await AssignFromAsync(stored, borrow: false, stop);
        }
    }

    private async ValueTask BorrowAsync(PoolSelection selection, CancellationToken stop)
    {
        var others = await records.BlocksAsync(stop);
        foreach (var pool in selection.Pools)
        {
            // Blocks without an owner first: they only wait to become empty. Then by the node's own order, to spread.
            var candidates = others.Where(b => pool.Layout.IsBlock(b.Cidr) && b.Owner != _owner && b.Owner?.Type != BlockOwner.VirtualType)
                .OrderBy(b => b.Owner is not null).ThenBy(b => Distance(pool, b.Cidr));
            foreach (var stored in candidates)
            {
                if (Missing <= 0) return;
                if (Open(stored)?.FreeCount(view.Reserved) > 0) await AssignFromAsync(stored, borrow: true, stop);
            }
        }
    }

    private async ValueTask AssignFromAsync(StoredBlock stored, bool borrow, CancellationToken stop)
    {
        var attempts = new Attempts(options, time);
        while (await attempts.NextAsync(stop))
        {
            if (Open(stored) is not { } block) return;
            bool ours = block.Owner == _owner;
            if (!ours && !borrow)
            {
                own.Note(stored.Cidr, null);
                return;
            }
            int before = _found.Count;
            Recognise(block, stored.Cidr);   // a request of ours whose answer was lost may have landed meanwhile
            // Its entry may have been cleared as stale before it landed.
            if (_found.Count > before && NeedsEntry(ours)) await RecordAsync(stored.Cidr, block, stop);
            if (Missing <= 0) return;
            var given = block.AssignAny(Missing, _tenant, view.Reserved);
            if (given.Count == 0) return;
            if (NeedsEntry(ours))
            {
                await RecordAsync(stored.Cidr, block, stop);
                _recorded.Add(stored.Cidr);
            }

            ulong sequence = block.SequenceNumber;
            var (status, now) = await records.WriteBlockAsync(stored, block, stop);
            if (status == WriteStatus.Done)
            {
                own.Note(stored.Cidr, now);
                // An old entry that already said so could have been cleared between the two writes.
                if (_recorded.Contains(stored.Cidr)) await RecordAsync(stored.Cidr, block, stop);
                _found.AddRange(given.Select(a => new AssignedAddress(a, stored.Cidr, !ours, sequence, Known: false)));
                metrics.Assigned(given.Count, borrowed: !ours);
                return;
            }
            var again = await records.BlockAsync(stored.Cidr, stop);
            own.Note(stored.Cidr, again);
            if (again is null) return;
            stored = again;
        }
        throw new IpamContentionException($"assigning from block {stored.Cidr}", options.MaxAttempts);
    }

    private bool NeedsEntry(bool ours) => !ours || options.Handles == HandleRecording.Always;

    private ValueTask RecordAsync(IpPrefix cidr, Block block, CancellationToken stop) =>
        handles.SetAsync(request.Handle, cidr, block.OfHandle(request.Handle).Count(), create: true, stop);

    // Entries raised for blocks from which nothing came after all.
    private async ValueTask TidyHandleAsync(CancellationToken stop)
    {
        foreach (var cidr in _recorded.Where(c => _found.All(f => f.Block != c)))
            await handles.SetAsync(request.Handle, cidr, 0, create: false, stop);
    }

    private Refused Exhausted(PoolSelection selection)
    {
        List<PoolVerdict> verdicts = [.. selection.Pools.Select(p => new PoolVerdict(p.Name, true, _why.GetValueOrDefault(p.Name, "")))];
        return new Refused(RefusalKind.Exhausted, "", [.. verdicts, .. selection.Rejected]);
    }

    private void Note(PoolSelection selection, string why)
    {
        foreach (var pool in selection.Pools) _why[pool.Name] = why;
    }

    private UInt128 Distance(UsablePool pool, IpPrefix cidr)
    {
        var first = pool.Layout.CandidatesFor(request.Node).First();
        return (cidr.Address.Value - first.Address.Value) & ((pool.Layout.BlockCount << (cidr.Address.Bits - cidr.Length)) - 1);
    }

    private Block? Open(StoredBlock? stored) => stored?.Open(view.Settings.Cooldown, time.GetUtcNow());
}
