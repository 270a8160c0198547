using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <content>Giving addresses.</content>
public sealed partial class Block
{
    /// <summary>Gives up to <paramref name="count"/> free addresses, those that have been free longest first.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="owner">Handle and owner.</param>
    /// <param name="reserved">What must not be given; such addresses keep their place in the queue.</param>
    /// <returns>The addresses; fewer than wanted when the block runs out.</returns>
    public IReadOnlyList<IpAddr> AssignAny(int count, AllocationOwner owner, ReservedRanges reserved)
    {
        var given = new List<IpAddr>();
        for (int i = 0; i < _free.Count && given.Count < count;)
        {
            int ordinal = _free[i];
            if (reserved.Contains(AddressAt(ordinal)))
            {
                i++;
                continue;
            }
            _free.RemoveAt(i);
            Give(ordinal, owner);
            given.Add(AddressAt(ordinal));
        }
        return given;
    }

    /// <summary>Gives this address, if it is free. A reservation does not stand against a request by address.</summary>
    /// <returns>Null when it is given now; else who has it.</returns>
    public GivenAddress? Assign(IpAddr address, AllocationOwner owner)
    {
        if (Find(address) is { } taken) return taken;
        int ordinal = OrdinalOf(address);
        _free.Remove(ordinal);
        Give(ordinal, owner);
        return null;
    }

    private void Give(int ordinal, AllocationOwner owner)
    {
        _allocations[ordinal] = IndexOf(owner);
        _sequences[ordinal] = SequenceNumber;
    }

    private int IndexOf(AllocationOwner owner)
    {
        int known = _owners.FindIndex(owner.SameAs);
        if (known >= 0) return known;
        _owners.Add(owner);
        return _owners.Count - 1;
    }
}
