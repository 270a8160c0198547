using Margay.Foundation.Primitives;

namespace Margay.Ipam.Allocation;

/// <content>Looking before taking.</content>
public sealed partial class IpamClient
{
    /// <summary>
    /// Why a request would get nothing now, without taking anything; null when there is something for each family. For
    /// requests of several families: taking one address and giving it back, time after time, would be writes for nothing.
    /// A block that would first have to be taken from another owner does not count as something.
    /// </summary>
    public async ValueTask<Refused?> ForeseeAsync(AddressRequest request, CancellationToken stop)
    {
        var view = await _view(stop);
        var blocks = await _records.BlocksAsync(stop);
        foreach (var family in new[] { IpFamily.V4, IpFamily.V6 })
        {
            if (request.CountOf(family) <= HeldBy(request, family, blocks, view)) continue;
            var selection = PoolSelection.Select(view.Pools, request, family);
            if (selection.Refused is { } refused) return refused;
            if (selection.Pools.Any(p => HasRoom(p, request, blocks, view))) continue;
            List<PoolVerdict> verdicts = [.. selection.Pools.Select(p => new PoolVerdict(p.Name, true, "")), .. selection.Rejected];
            return PoolFigures.Explain(new Refused(RefusalKind.Exhausted, "", verdicts), request, family, view, blocks, _time.GetUtcNow());
        }
        return null;
    }

    private int HeldBy(AddressRequest request, IpFamily family, List<StoredBlock> blocks, IpamView view) =>
        blocks.Where(b => b.Cidr.Family == family && b.MayHold(request.Handle))
            .Sum(b => b.Open(view.Settings.Cooldown, _time.GetUtcNow())?.OfHandle(request.Handle).Count() ?? 0);

    private bool HasRoom(UsablePool pool, AddressRequest request, List<StoredBlock> blocks, IpamView view)
    {
        var inPool = blocks.Where(b => pool.Layout.IsBlock(b.Cidr)).ToDictionary(b => b.Cidr);
        return inPool.Values.Any(b => b.Owner == request.Owner && b.Open(view.Settings.Cooldown, _time.GetUtcNow())?.FreeCount(view.Reserved) > 0)
            || ((UInt128)inPool.Count < pool.Layout.BlockCount
                && pool.Layout.CandidatesFor(request.Owner.Name).Any(c => !inPool.ContainsKey(c) && !view.Reserved.ContainsAll(c)));
    }
}
