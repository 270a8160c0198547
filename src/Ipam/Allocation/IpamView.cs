using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>What people have configured, as far as giving addresses goes.</summary>
/// <param name="Pools">Every pool.</param>
/// <param name="Reserved">What must not be given.</param>
/// <param name="Settings">The cluster's settings.</param>
public sealed record IpamView(IReadOnlyList<IPPool> Pools, ReservedRanges Reserved, IpamSettings Settings)
{
    /// <summary>Joins the objects.</summary>
    public static IpamView From(IReadOnlyList<IPPool> pools, IEnumerable<IPReservation> reservations, IPAMConfiguration? configuration) =>
        new(pools, new ReservedRanges(reservations.SelectMany(Prefixes)), IpamSettings.From(configuration));

    /// <summary>Reads everything from the datastore: three requests. A node service passes what its caches hold instead.</summary>
    public static async ValueTask<IpamView> ReadAsync(IIpamStore store, CancellationToken stop) => From(
        await store.ListAsync<IPPool>(null, stop),
        await store.ListAsync<IPReservation>(null, stop),
        await store.GetAsync<IPAMConfiguration>(IpamSettings.Name, stop));

    // A reservation that cannot be read protects nothing; validation refuses it when it is made.
    private static IEnumerable<IpPrefix> Prefixes(IPReservation reservation)
    {
        foreach (string text in reservation.Spec.ReservedCIDRs ?? [])
        {
            if (IpPrefix.TryParse(text, out var prefix)) yield return prefix;
        }
    }
}
