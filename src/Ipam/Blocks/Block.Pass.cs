using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <content>Passing addresses on.</content>
public sealed partial class Block
{
    /// <summary>
    /// Passes an address from who has it to somebody else, without it being free in between. It keeps its sequence number: a
    /// release of the one before also names another handle.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nobody has the address.</exception>
    public void Pass(IpAddr address, AllocationOwner to)
    {
        int ordinal = OrdinalOf(address);
        if (_allocations[ordinal] is null) throw new InvalidOperationException($"{address} is free: there is nothing to pass on.");
        _allocations[ordinal] = IndexOf(to);
        DropUnusedOwners();
    }
}
