using Margay.Dataplane.Contract;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// What is kept of every policy of the cluster, used here or not: 64 bytes, and what the API said. Only a policy that selects an
/// endpoint of this node has a <see cref="PolicyState"/>.
/// </summary>
internal struct PolicyRow
{
    /// <summary>The policy.</summary>
    public PolicyId Id;

    /// <summary>What it demands, for <see cref="Conversion.PolicyReading"/>; null when that is packed, or the policy is about to go.</summary>
    public object? Spec;

    /// <summary>What it is here, while it is in use.</summary>
    public PolicyState? State;

    /// <summary>What it demands, as a number of <see cref="PackedSpecs"/>; 0 when it is not packed.</summary>
    public int Packed;

    /// <summary>The group of those that select the same, plus one; 0 when it is about to go.</summary>
    public int Group;

    /// <summary>Its neighbours in the group, plus one; 0 for none.</summary>
    public int Next, Previous;

    /// <summary>Whether the object may use what only we know.</summary>
    public bool Extensions;

    /// <summary>Whether it is kept ready where it selects nothing.</summary>
    public bool IsNeededEverywhere;

    /// <summary>True while it waits to be looked at.</summary>
    public bool IsDirty;

    /// <summary>False when it is about to go.</summary>
    public readonly bool Exists => Spec is not null || Packed > 0;
}

/// <summary>The policies of the cluster by number and by identity.</summary>
internal sealed class PolicyRows
{
    private readonly Chunks<PolicyRow> _rows = new();
    private readonly SlotTable _slots = new();
    private readonly IdPool _ids = new();

    /// <summary>The policy of a number.</summary>
    public ref PolicyRow this[int number] => ref _rows[number];

    /// <summary>The number of a policy; -1 when there is none.</summary>
    public int Find(PolicyId id) => Find(id, Hash(id));

    /// <summary>The number of a policy, which gets one when it has none.</summary>
    public int FindOrAdd(PolicyId id)
    {
        uint hash = Hash(id);
        int number = Find(id, hash);
        if (number >= 0) return number;
        number = _ids.Take();
        _rows.Reach(number) = new PolicyRow { Id = id };
        _slots.Add(hash, number);
        return number;
    }

    /// <summary>The policy is gone.</summary>
    public void Remove(int number)
    {
        _slots.Remove(Hash(_rows[number].Id), number);
        _rows[number] = default;
        _ids.Return(number);
    }

    private int Find(in PolicyId id, uint hash)
    {
        for (var search = _slots.Find(hash); search.Next();)
            if (_rows[search.Id].Id == id) return search.Id;
        return -1;
    }

    private static uint Hash(PolicyId id) =>
        TextTable.Hash(id.Name) ^ (TextTable.Hash(id.Namespace) * 0x9e37_79b9) ^ ((uint)id.Kind * 0x85eb_ca6b);
}
