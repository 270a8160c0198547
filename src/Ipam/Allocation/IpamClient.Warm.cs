using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Allocation;

/// <content>Addresses that a node keeps ready, so that no pod waits for a write; see the design page.</content>
public sealed partial class IpamClient
{
    /// <summary>
    /// Says which addresses the node's own records give to which handle: what a predecessor gave and did not live to write
    /// is theirs. To be called before the first request.
    /// </summary>
    public void Remember(string node, IReadOnlyList<WarmGift> records)
    {
        if (OwnOf(BlockOwner.Host(node)).Shelf is { } shelf) shelf.Records = records;
    }

    /// <summary>Waits until the node has given an address.</summary>
    public Task WaitForGiftAsync(string node, CancellationToken stop) =>
        OwnOf(BlockOwner.Host(node)).Shelf is { } shelf ? shelf.WaitAsync(stop) : Task.Delay(Timeout.InfiniteTimeSpan, stop);

    /// <summary>Whether the node may give addresses without asking at the moment: its Node object was there lately.</summary>
    public bool MayGiveReady(string node) => OwnOf(BlockOwner.Host(node)).Shelf?.Lease.Holds(_time.GetUtcNow()) == true;

    /// <summary>How many addresses the node can give without a write.</summary>
    public int ReadyCount(string node) => OwnOf(BlockOwner.Host(node)).Shelf?.ReadyCount ?? 0;

    /// <summary>
    /// Writes down what the node has given and got back, and keeps more ready: one write for each block that has something to
    /// say. To be called behind the answers, and every minute. May be cut off anywhere and repeated.
    /// </summary>
    /// <returns>What was given on the machine and turned out to be somebody else's; it stays theirs.</returns>
    /// <exception cref="IpamContentionException">Too many lost races; try again.</exception>
    public async ValueTask<IReadOnlyList<WarmGift>> SettleAsync(string node, CancellationToken stop)
    {
        var own = OwnOf(BlockOwner.Host(node));
        if (own.Shelf is null) return [];
        await own.Turn.WaitAsync(stop);
        try
        {
            return await SettleInTurnAsync(own, stop);
        }
        catch
        {
            own.Forget();
            throw;
        }
        finally
        {
            own.Turn.Release();
        }
    }

    // Nothing here waits: neither for a turn nor, with a view from caches, for the datastore.
    private async ValueTask<Assigned?> TakeReadyAsync(AddressRequest request, OwnBlocks own, CancellationToken stop)
    {
        if (own.Shelf is not { Started: true } shelf || !shelf.Lease.Holds(_time.GetUtcNow()) || !IsPlain(request)) return null;
        var view = await _view(stop);
        var blocks = own.Remembered;
        var taken = shelf.TryTake(request, family => PoolSelection.Select(view.Pools, request, family).Pools, MayHaveRoom, view.Reserved);
        if (taken is not null) _metrics.TookReady(taken.Addresses.Count(a => !a.Known));
        return taken;

        bool MayHaveRoom(UsablePool pool) => blocks.Any(b => pool.Layout.IsBlock(b.Key) && b.Value.Block?.MayHaveRoom != false && !view.Reserved.ContainsAll(b.Key));
    }

    // One address of a family: everybody but tests.
    private static bool IsPlain(AddressRequest request) => request is { CountV4: <= 1, CountV6: <= 1 } && request.CountV4 + request.CountV6 > 0;

    private static bool CanJoin(AddressRequest request) => request.IsFirst && IsPlain(request);

    private static void Leave(OwnBlocks own, WarmWaiter? waiter)
    {
        if (waiter is not null) own.Shelf!.Leave(waiter);
    }

    // Whoever has the turn writes for all that wait; most find themselves served when theirs comes.
    private async ValueTask<Assigned?> ServeWaitersAsync(string handle, OwnBlocks own, WarmWaiter? waiter, CancellationToken stop)
    {
        if (own.Shelf is not { } shelf) return null;
        // What this handle was given before is found in the block once it is written.
        if (waiter is null && shelf.Started && !shelf.Given.Exists(g => g.Handle == handle)) return null;
        if (waiter?.Result is null) await SettleInTurnAsync(own, stop);
        return waiter?.Result;
    }

    // Pods that go together share a write, like those that come.
    private async ValueTask<IReadOnlyList<IpAddr>> ReleaseTogetherAsync(string handle, OwnBlocks own, WarmShelf shelf, CancellationToken stop)
    {
        var leaver = shelf.Go(handle);
        try
        {
            await own.Turn.WaitAsync(stop);
            try
            {
                if (!leaver.IsDone) await SettleInTurnAsync(own, stop);
                var cooldown = (await _settings(stop)).Cooldown;
                foreach (var (cidr, _) in own.Remembered.Where(b => !b.Value.Complete && b.Value.Block?.MayHold(handle) == true))
                    leaver.Freed.AddRange(await ReleaseHandleInBlockAsync(handle, cidr, cooldown, own, stop));
            }
            catch
            {
                own.Forget();
                throw;
            }
            finally
            {
                own.Turn.Release();
            }
        }
        finally
        {
            shelf.Gone(leaver);
        }
        // What it has in other nodes' blocks, an object tells; mostly there is none, and nobody need wait for the look.
        if (await _records.HandleAsync(handle, stop) is not null) leaver.Freed.AddRange(await ReleaseBorrowedAsync(handle, own, stop));
        return leaver.Freed;
    }

    private async ValueTask<List<IpAddr>> ReleaseBorrowedAsync(string handle, OwnBlocks own, CancellationToken stop)
    {
        await own.Turn.WaitAsync(stop);
        try
        {
            return await ReleaseNamedAsync(handle, (await _settings(stop)).Cooldown, own, stop);
        }
        catch
        {
            own.Forget();
            throw;
        }
        finally
        {
            own.Turn.Release();
        }
    }

    private static IEnumerable<AssignedAddress> Given(string handle, OwnBlocks? own) =>
        (own?.Shelf?.Given ?? []).Where(g => g.Handle == handle).Select(g => new AssignedAddress(g.Address, default, Borrowed: false, 0, Known: true));

    private static bool IsReadyFor(AddressRequest request, GivenAddress taken, OwnBlocks own) =>
        own.Shelf is { } shelf && WarmOwner.IsOf(request.Node, taken.Owner)
        && (shelf.IsGiven(taken.Address, request.Handle) || shelf.Withdraw(taken.Address));

    private async ValueTask<IReadOnlyList<WarmGift>> SettleInTurnAsync(OwnBlocks own, CancellationToken stop)
    {
        var shelf = own.Shelf!;
        var run = new WarmRun(shelf, own, await _view(stop), await NodeAsync(shelf, own.Owner.Name, stop), _records, _options, _metrics, _time);
        await run.RunAsync(await own.ReadAsync(stop), stop);
        foreach (var gift in run.Homeless) await HouseAsync(gift, run, own, stop);
        return run.Lost;
    }

    // The block of an address that was given is not the node's any more: it is asked for like any address by name.
    private async ValueTask HouseAsync(WarmGift gift, WarmRun run, OwnBlocks own, CancellationToken stop)
    {
        var request = new AddressRequest(gift.Handle, own.Owner.Name, null, gift.Attributes);
        if (await AssignOneAsync(request, gift.Address, run.View, own, stop) is Refused) run.Lost.Add(gift);
        own.Shelf!.Forget(gift);
    }

    private async ValueTask<Model.Resources.Node?> NodeAsync(WarmShelf shelf, string name, CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        if (!shelf.Lease.IsDue(now)) return shelf.Lease.Node;
        var node = await _records.NodeAsync(name, stop);
        if (!shelf.Lease.Holds(now)) shelf.Distrust();
        if (node is null) shelf.Lease.End();
        else shelf.Lease.Renew(node, now);
        return node;
    }
}
