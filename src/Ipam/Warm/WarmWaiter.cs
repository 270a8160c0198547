using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;

namespace Margay.Ipam.Warm;

/// <summary>A request that found nothing ready. Whoever writes the block next serves all that wait, in the same write.</summary>
internal sealed class WarmWaiter(AddressRequest request)
{
    private readonly List<AssignedAddress> _found = [];

    public AddressRequest Request => request;

    public AllocationOwner Tenant { get; } = new() { HandleId = request.Handle, Attributes = request.Attributes };

    /// <summary>Every address that was asked for, or null while some are missing.</summary>
    public Assigned? Result =>
        Families.All(f => _found.Exists(a => a.Address.Family == f)) ? new Assigned([.. _found.OrderBy(a => a.Address.Family)]) : null;

    public IEnumerable<IpFamily> Families => new[] { IpFamily.V4, IpFamily.V6 }.Where(f => request.CountOf(f) > 0);

    public bool Needs(IpFamily family) => request.CountOf(family) > 0 && !_found.Exists(a => a.Address.Family == family);

    public void Found(AssignedAddress address) => _found.Add(address);
}
