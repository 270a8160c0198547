using System.Threading.Channels;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;

namespace Margay.Ipam.Warm;

/// <summary>
/// What a node service remembers of the addresses that it keeps ready: which it may give without asking anybody, which it
/// has given, which it got back. Memory only; the blocks and the records of local endpoints are the truth. Any thread.
/// </summary>
/// <remarks>
/// An address is ready only when a version of its block that this process wrote says that the node keeps it. Such a write
/// makes every older one of the node fail, also one that a dead predecessor left under way, and our own later ones leave
/// what is ready alone: so nobody else can have it.
/// </remarks>
internal sealed class WarmShelf(string node)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<IpPrefix, Queue<GivenAddress>> _ready = [];
    private readonly Dictionary<string, List<WarmGift>> _given = [];
    private readonly HashSet<IpAddr> _returned = [];
    private readonly List<WarmWaiter> _waiting = [];
    private readonly List<WarmLeaver> _leaving = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>What the node's records say that its pods have; looked at once.</summary>
    public IReadOnlyList<WarmGift> Records { get; set; } = [];

    /// <summary>The node.</summary>
    public string Node => node;

    /// <summary>How what is kept looks in a block.</summary>
    public AllocationOwner Keeper { get; } = WarmOwner.Of(node);

    /// <summary>Until when addresses may be given from here; see <see cref="WarmLease"/>.</summary>
    public WarmLease Lease { get; } = new();

    /// <summary>False until the records of local endpoints were compared with the blocks once.</summary>
    public bool Started { get; set; }

    /// <summary>How many addresses can be given at once.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_lock) return _ready.Values.Sum(q => q.Count);
        }
    }

    /// <summary>Waits until <see cref="Tell"/>.</summary>
    public async Task WaitAsync(CancellationToken stop) => await _news.Reader.ReadAsync(stop);

    /// <summary>Something was given, so that there is something to write, or to keep ready anew.</summary>
    public void Tell() => _news.Writer.TryWrite(true);

    /// <summary>What has been given and is not written yet.</summary>
    public List<WarmGift> Given
    {
        get
        {
            lock (_lock) return [.. _given.Values.SelectMany(g => g)];
        }
    }

    /// <summary>Gives the request's addresses if every family is ready in the first of its pools that has room. No I/O.</summary>
    /// <param name="request">For one address of a family at most.</param>
    /// <param name="poolsOf">The pools of a family that serve the request, in order.</param>
    /// <param name="mayHaveRoom">Whether the node has room in a pool without what is ready here.</param>
    /// <param name="reserved">What must not be given.</param>
    public Assigned? TryTake(AddressRequest request, Func<IpFamily, IReadOnlyList<UsablePool>> poolsOf, Func<UsablePool, bool> mayHaveRoom, ReservedRanges reserved)
    {
        lock (_lock)
        {
            if (_given.TryGetValue(request.Handle, out var known)) return Again(request, known);
            if (!request.IsFirst) return null;
            var taken = new List<AssignedAddress>();
            foreach (var family in new[] { IpFamily.V4, IpFamily.V6 }.Where(f => request.CountOf(f) > 0))
            {
                if (Find(poolsOf(family), mayHaveRoom, reserved) is not { } cidr) return null;
                var next = _ready[cidr].Peek();
                taken.Add(new AssignedAddress(next.Address, cidr, Borrowed: false, next.Sequence, Known: false));
            }
            if (taken.Count == 0) return null;
            foreach (var address in taken) _ready[address.Block].Dequeue();
            _given[request.Handle] = [.. taken.Select(t => new WarmGift(t.Address, request.Handle, request.Attributes))];
            Tell();
            return new Assigned(taken);
        }
    }

    /// <summary>A pod is gone before its addresses were written. They are not ready: a pod has used them.</summary>
    /// <returns>What of the handle waited to be written.</returns>
    public IReadOnlyList<IpAddr> Return(string handle)
    {
        lock (_lock)
        {
            if (!_given.Remove(handle, out var gifts)) return [];
            foreach (var gift in gifts) _returned.Add(gift.Address);
            return [.. gifts.Select(g => g.Address)];
        }
    }

    /// <summary>Who goes with the next write.</summary>
    public List<WarmLeaver> Leaving
    {
        get
        {
            lock (_lock) return [.. _leaving];
        }
    }

    /// <summary>Waits to be freed with the next write, until <see cref="Gone"/>.</summary>
    public WarmLeaver Go(string handle)
    {
        var leaver = new WarmLeaver(handle);
        lock (_lock) _leaving.Add(leaver);
        return leaver;
    }

    /// <summary>Waits no longer.</summary>
    public void Gone(WarmLeaver leaver)
    {
        lock (_lock) _leaving.Remove(leaver);
    }

    /// <summary>Somebody asks for this very address: true when it was ready, or got back, and is not any more.</summary>
    public bool Withdraw(IpAddr address)
    {
        lock (_lock)
        {
            if (_returned.Contains(address)) return true;
            foreach (var (cidr, queue) in _ready)
            {
                if (!queue.Any(a => a.Address == address)) continue;
                _ready[cidr] = new(queue.Where(a => a.Address != address));
                _returned.Add(address);
                return true;
            }
            return false;
        }
    }

    /// <summary>Whether this address was given to the handle and is not written yet.</summary>
    public bool IsGiven(IpAddr address, string handle)
    {
        lock (_lock) return _given.TryGetValue(handle, out var gifts) && gifts.Exists(g => g.Address == address);
    }

    /// <summary>Nothing is ready until the blocks are written anew: others may have taken it back meanwhile.</summary>
    public void Distrust()
    {
        lock (_lock) _ready.Clear();
    }

    /// <summary>What a predecessor has given and not written.</summary>
    public void Adopt(WarmGift gift)
    {
        lock (_lock)
        {
            if (!_given.TryGetValue(gift.Handle, out var gifts)) _given[gift.Handle] = gifts = [];
            if (!gifts.Exists(g => g.Address == gift.Address)) gifts.Add(gift);
        }
    }

    /// <summary>This gift is written, or can never be.</summary>
    public void Forget(WarmGift gift)
    {
        lock (_lock)
        {
            if (!_given.TryGetValue(gift.Handle, out var gifts)) return;
            gifts.RemoveAll(g => g.Address == gift.Address);
            if (gifts.Count == 0) _given.Remove(gift.Handle);
        }
    }

    /// <summary>Who waits for the next write of a block.</summary>
    public List<WarmWaiter> Waiting
    {
        get
        {
            lock (_lock) return [.. _waiting];
        }
    }

    /// <summary>Waits for the next write, until <see cref="Leave"/>.</summary>
    public WarmWaiter Join(AddressRequest request)
    {
        var waiter = new WarmWaiter(request);
        lock (_lock) _waiting.Add(waiter);
        return waiter;
    }

    /// <summary>Waits no longer.</summary>
    public void Leave(WarmWaiter waiter)
    {
        lock (_lock) _waiting.Remove(waiter);
    }

    /// <summary>What is to be done to a block; see <see cref="WarmEdit"/>. What shall be given up is not ready from here on.</summary>
    public WarmWork WorkFor(Block block, int target, ReservedRanges reserved)
    {
        lock (_lock)
        {
            var given = _given.Values.SelectMany(g => g).Where(g => block.Cidr.Contains(g.Address)).ToList();
            var busy = given.Select(g => g.Address).ToHashSet();
            List<GivenAddress> kept = [.. block.Allocations.Where(a => WarmOwner.IsOf(node, a.Owner) && !busy.Contains(a.Address) && !_returned.Contains(a.Address)).OrderBy(a => a.Sequence)];
            // What is ready the longest stays; what must not be given any more goes first.
            List<GivenAddress> surplus = [.. kept.Where(a => reserved.Contains(a.Address))];
            surplus.AddRange(kept.Except(surplus).Skip(target).ToList());
            foreach (var address in surplus) _returned.Add(address.Address);
            var ready = _ready.GetValueOrDefault(block.Cidr) ?? [];
            _ready[block.Cidr] = new(ready.Where(a => !_returned.Contains(a.Address)));
            var returned = _returned.Where(block.Cidr.Contains).ToList();
            bool unproven = kept.Except(surplus).Any(k => ready.All(r => r.Address != k.Address));
            return new WarmWork(given, returned, Math.Max(0, target - (kept.Count - surplus.Count)), unproven);
        }
    }

    /// <summary>A version of the block that this process wrote is stored.</summary>
    public void Stored(Block block, WarmWork work)
    {
        foreach (var gift in work.Given) Forget(gift);
        lock (_lock)
        {
            foreach (var address in work.Returned) _returned.Remove(address);
            var busy = _given.Values.SelectMany(g => g).Select(g => g.Address).ToHashSet();
            _ready[block.Cidr] = new(block.Allocations
                .Where(a => WarmOwner.IsOf(node, a.Owner) && !busy.Contains(a.Address) && !_returned.Contains(a.Address)).OrderBy(a => a.Sequence));
        }
    }

    /// <summary>The block is not this node's any more.</summary>
    public void Lost(IpPrefix cidr)
    {
        lock (_lock) _ready.Remove(cidr);
    }

    private static Assigned? Again(AddressRequest request, List<WarmGift> known)
    {
        bool whole = request.CountV4 == known.Count(g => g.Address.Family == IpFamily.V4) && request.CountV6 == known.Count(g => g.Address.Family == IpFamily.V6);
        return whole ? new Assigned([.. known.Select(g => new AssignedAddress(g.Address, default, Borrowed: false, 0, Known: true))]) : null;
    }

    // The pools are gone through as without us: a pool whose blocks have room comes before the next one, ready or not.
    private IpPrefix? Find(IReadOnlyList<UsablePool> pools, Func<UsablePool, bool> mayHaveRoom, ReservedRanges reserved)
    {
        foreach (var pool in pools)
        {
            foreach (var (cidr, queue) in _ready)
                if (pool.Layout.IsBlock(cidr) && queue.Count > 0 && !reserved.Contains(queue.Peek().Address)) return cidr;
            if (mayHaveRoom(pool)) return null;
        }
        return null;
    }
}

/// <summary>What is to be done to one block.</summary>
/// <param name="Given">Addresses to pass on to pods.</param>
/// <param name="Returned">Addresses to set free.</param>
/// <param name="Refill">How many more to keep ready.</param>
/// <param name="Unproven">Whether the block keeps addresses that no write of this process has confirmed.</param>
internal sealed record WarmWork(IReadOnlyList<WarmGift> Given, IReadOnlyList<IpAddr> Returned, int Refill, bool Unproven)
{
    public bool IsNeeded => Given.Count > 0 || Returned.Count > 0 || Refill > 0 || Unproven;
}
