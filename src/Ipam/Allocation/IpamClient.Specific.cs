using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Allocation;

/// <content>Requests by address.</content>
public sealed partial class IpamClient
{
    /// <summary>
    /// Gives the handle these addresses, all or none. The pool must be enabled and allow the use; its selectors do not
    /// matter, nor does a reservation. A block that does not exist is claimed for the node; one of another node's is
    /// borrowed from, unless that is forbidden.
    /// </summary>
    public async ValueTask<AssignResult> AssignAddressesAsync(AddressRequest request, IReadOnlyList<IpAddr> addresses, CancellationToken stop)
    {
        var own = OwnOf(request.Owner);
        await own.Turn.WaitAsync(stop);
        try
        {
            var view = await _view(stop);
            var given = new List<AssignedAddress>();
            foreach (var address in addresses)
            {
                switch (await AssignOneAsync(request, address, view, own, stop))
                {
                    case Assigned assigned:
                        given.AddRange(assigned.Addresses);
                        break;
                    case Refused refused:
                        _metrics.Refused(refused.Kind);
                        await TakeBackAsync(given.Where(a => !a.Known), request.Handle, own, view, stop);
                        return refused;
                }
            }
            return new Assigned(given);
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
            own.Turn.Release();
        }
    }

    private async ValueTask<AssignResult> AssignOneAsync(AddressRequest request, IpAddr address, IpamView view, OwnBlocks own, CancellationToken stop)
    {
        var pool = view.Pools.FirstOrDefault(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) && cidr.Contains(address));
        if (pool is null) return Refused.Because(RefusalKind.Invalid, $"{address} is in no pool");
        if (PoolSelection.WhyNotAtAll(pool, request.Use) is { } whyNot)
            return Refused.Because(RefusalKind.NoPool, $"{address} is in pool {pool.Metadata.Name}, which {whyNot}");
        var cidr = PoolSelection.LayoutOf(pool)!.Value.BlockOf(address);
        var owner = request.Owner;
        var tenant = new AllocationOwner { HandleId = request.Handle, Attributes = request.Attributes };

        var attempts = new Attempts(_options, _time);
        while (await attempts.NextAsync(stop))
        {
            var stored = await _records.BlockAsync(cidr, stop);
            if (stored is null)
            {
                if ((stored = await _claims.ClaimAsync(owner, cidr, stop)) is null) continue;
                _metrics.Claimed(reclaimed: false);
            }
            if (stored.Open(view.Settings.Cooldown, _time.GetUtcNow()) is not { } block)
                return Refused.Because(RefusalKind.Invalid, $"{address}: block {cidr} cannot be understood");
            bool ours = block.Owner == owner;
            if (block.Find(address) is { } taken)
            {
                if (taken.Owner.HasHandle(request.Handle))
                {
                    // Its entry may have been cleared as stale before a late write of ours landed.
                    if (!ours || _options.Handles == HandleRecording.Always)
                        await _handles.SetAsync(request.Handle, cidr, block.OfHandle(request.Handle).Count(), create: true, stop);
                    return new Assigned([new AssignedAddress(address, cidr, !ours, taken.Sequence, Known: true)]);
                }
                if (!IsReadyFor(request, taken, own))
                {
                    // An entry raised before the race was lost.
                    await _handles.SetAsync(request.Handle, cidr, block.OfHandle(request.Handle).Count(), create: false, stop);
                    return Refused.Because(RefusalKind.Taken, $"{address} of pool {pool.Metadata.Name} {Holder(taken)}");
                }
                block.Pass(address, tenant);
            }
            else
            {
                block.Assign(address, tenant);
            }
            if (!ours && (view.Settings.StrictAffinity || owner.Type != BlockOwner.HostType))
            {
                string whose = block.Owner is { } other ? $"belongs to {other}" : "has no owner";
                string why = owner.Type == BlockOwner.HostType ? "strictAffinity forbids borrowing" : $"{request.Asker} do not borrow";
                return Refused.Because(RefusalKind.Exhausted, $"{address}: block {cidr} {whose}, and {why}");
            }

            if (!ours || _options.Handles == HandleRecording.Always)
                await _handles.SetAsync(request.Handle, cidr, block.OfHandle(request.Handle).Count(), create: true, stop);
            ulong sequence = block.Find(address)!.Value.Sequence;
            var (status, now) = await _records.WriteBlockAsync(stored, block, stop);
            own.Note(cidr, now ?? await _records.BlockAsync(cidr, stop));
            if (status != WriteStatus.Done) continue;
            if (!ours || _options.Handles == HandleRecording.Always)
                await _handles.SetAsync(request.Handle, cidr, block.OfHandle(request.Handle).Count(), create: true, stop);
            _metrics.Assigned(1, borrowed: !ours);
            return new Assigned([new AssignedAddress(address, cidr, !ours, sequence, Known: false)]);
        }
        throw new IpamContentionException($"assigning {address}", _options.MaxAttempts);
    }

    private static string Holder(GivenAddress taken) =>
        taken.Owner.IsCooling ? $"is cooling down since {taken.Owner.ReleasedAt:u}"
        : taken.Owner[OwnerAttributes.Type] == WarmOwner.Type ? $"is kept ready for the next pod of node {taken.Owner[OwnerAttributes.Node]}"
        : taken.Owner[OwnerAttributes.Pod] is { } pod ? $"is in use by pod {taken.Owner[OwnerAttributes.Namespace]}/{pod} on node {taken.Owner[OwnerAttributes.Node]}"
        : taken.Owner[OwnerAttributes.Service] is { } service ? $"is in use by service {taken.Owner[OwnerAttributes.Namespace]}/{service}"
        : $"is in use by handle {taken.Owner.HandleId}";
}
