using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>What of a service's addresses stays and what goes.</summary>
/// <param name="Wish">What the service asks for.</param>
/// <param name="Keep">Addresses that it has and may have, in the order of its families.</param>
/// <param name="Release">Addresses that it has and must not.</param>
internal sealed record LoadBalancerPlan(ServiceWish Wish, IReadOnlyList<HeldAddress> Keep, IReadOnlyList<HeldAddress> Release)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool IsComplete => Wish.Specific.Count > 0
        ? Wish.Specific.All(a => Keep.Any(h => h.Address == a))
        : Wish.Families.All(f => Keep.Any(h => h.Address.Family == f));

    /// <summary>Plans. Pure: equal state gives an equal plan.</summary>
    /// <param name="service">The service; null when it is gone.</param>
    /// <param name="all">Whether services get addresses that do not ask for them.</param>
    /// <param name="held">The addresses that blocks say it has, whatever their handle.</param>
    /// <param name="pools">Every pool.</param>
    public static LoadBalancerPlan For(Service? service, bool all, IReadOnlyList<HeldAddress> held, IReadOnlyList<IPPool> pools)
    {
        var wish = service is null ? new() : ServiceWish.Of(service, all);
        if (!wish.Managed) return new(wish, [], held);
        string handle = AddressRequest.OfService(service!.Metadata.Namespace!, service.Metadata.Name!, service.Metadata.Uid ?? "");
        var shown = ServiceStatusEdit.AddressesOf(service);
        var keep = new List<HeldAddress>();
        // What the status shows comes first: people and routers know it already.
        foreach (var candidate in held.Where(h => h.Handle == handle).OrderByDescending(h => shown.Contains(h.Address)).ThenBy(h => h.Address))
        {
            // While what is asked cannot be understood, nothing is taken away for it.
            if (wish.Problem is not null || (MayStay(wish, candidate.Address, pools) && keep.TrueForAll(k => k.Address.Family != candidate.Address.Family)))
                keep.Add(candidate);
        }
        return new(wish, [.. keep.OrderBy(k => Place(wish, k.Address.Family)).ThenBy(k => k.Address)], [.. held.Except(keep)]);
    }

    /// <summary>The place of a family in the service's order.</summary>
    public static int Place(ServiceWish wish, IpFamily family)
    {
        for (int i = 0; i < wish.Families.Count; i++)
        {
            if (wish.Families[i] == family) return i;
        }
        return wish.Families.Count;
    }

    private static bool MayStay(ServiceWish wish, IpAddr address, IReadOnlyList<IPPool> pools)
    {
        if (wish.Specific.Count > 0) return wish.Specific.Contains(address);
        if (!wish.Families.Contains(address.Family)) return false;
        var pool = pools.FirstOrDefault(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) && cidr.Family == address.Family && cidr.Contains(address));
        // A pool that goes, or no longer serves services, takes its addresses along. One that is only disabled gives no new ones.
        if (pool is null || pool.Metadata.DeletionTimestamp is not null || pool.Spec.AllowedUses?.Contains("LoadBalancer") != true) return false;
        return wish.PoolsOf(address.Family) is { } choice
            ? choice.Pools.Any(p => p == pool.Metadata.Name || p == pool.Spec.Cidr)
            : pool.Spec.AssignmentMode != "Manual";
    }
}
