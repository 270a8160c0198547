using Margay.Controllers.Reconciling;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>What people have configured about addresses, as the watch last told it.</summary>
internal sealed class PoolCache
{
    private readonly ResourceTable<IPPool> _pools = new();
    private readonly ResourceTable<IPReservation> _reservations = new();
    private readonly ResourceTable<IPAMConfiguration> _configurations = new();

    /// <summary>Every pool.</summary>
    public IReadOnlyList<IPPool> Pools => [.. _pools.Values.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];

    /// <summary>All of it, as address management wants it.</summary>
    public IpamView View => IpamView.From(Pools, _reservations.Values, _configurations[IpamSettings.Name]);

    /// <summary>Takes a change.</summary>
    /// <returns>True when it was one of these kinds.</returns>
    public bool Apply(in ResourceUpdate update)
    {
        switch (update.Key.Kind)
        {
            case "IPPool": _pools.Apply(update); return true;
            case "IPReservation": _reservations.Apply(update); return true;
            case "IPAMConfiguration": _configurations.Apply(update); return true;
            default: return false;
        }
    }
}
