using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>The addresses that a service has now, and what is in the way of the rest.</summary>
/// <param name="Addresses">The addresses, as the datastore has them.</param>
/// <param name="Refusals">Why others are missing.</param>
internal sealed record Assignment(IReadOnlyList<IpAddr> Addresses, IReadOnlyList<Refused> Refusals);

/// <summary>
/// Takes addresses for services and gives them back. Asking again under a service's handle gives what it has, so whatever
/// was cut off is repeated; every write is compare-and-swap on a block.
/// </summary>
internal sealed class LoadBalancerAddresses(IpamClient client, TimeProvider time)
{
    /// <summary>Has the service have what it asks for, as far as possible.</summary>
    public async Task<Assignment> AssignAsync(Service service, Namespace? space, ServiceWish wish, CancellationToken stop)
    {
        var request = AddressRequest.ForService(service.Metadata.Namespace!, service.Metadata.Name!, service.Metadata.Uid ?? "", time.GetUtcNow()) with
        {
            PoolsV4 = wish.PoolsV4,
            PoolsV6 = wish.PoolsV6,
            NamespaceLabels = space?.Metadata.Labels,
        };
        var results = new List<AssignResult>();
        if (wish.Specific.Count > 0)
        {
            foreach (var address in wish.Specific) results.Add(await client.AssignAddressesAsync(request, [address], stop));
        }
        else if (wish.AllOrNone)
        {
            var both = For(request, wish.Families);
            results.Add(await client.ForeseeAsync(both, stop) ?? await client.AssignAsync(both, stop));
        }
        else
        {
            foreach (var family in wish.Families) results.Add(await client.AssignAsync(For(request, [family]), stop));
        }
        // A lost race says nothing about the service: the whole is tried again.
        if (results.OfType<Refused>().FirstOrDefault(r => r.Kind == RefusalKind.Contended) is { } contended) throw new IOException(contended.Message);
        return new([.. results.OfType<Assigned>().SelectMany(a => a.Addresses).Select(a => a.Address)], [.. results.OfType<Refused>()]);
    }

    /// <summary>Gives addresses back, each only from the tenant that was seen.</summary>
    public async Task ReleaseAsync(IReadOnlyList<HeldAddress> held, CancellationToken stop)
    {
        if (held.Count > 0) await client.ReleaseAsync([.. held.Select(h => new AddressRelease(h.Address, h.Sequence, h.Handle))], stop);
    }

    private static AddressRequest For(AddressRequest request, IReadOnlyList<IpFamily> families) => request with
    {
        CountV4 = families.Contains(IpFamily.V4) ? 1 : 0,
        CountV6 = families.Contains(IpFamily.V6) ? 1 : 0,
    };
}
