using Margay.Dataplane.Nftables.Programming;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>A small set or verdict map that is told its elements: dispatch, source addresses, pools.</summary>
internal sealed class TrackedSet
{
    private readonly DesiredTable _table;
    private readonly HashSet<NftElement> _elements = [];

    public TrackedSet(NftSet set, DesiredTable table)
    {
        Set = set;
        _table = table;
        table.PutSet(set, () => _elements);
    }

    public NftSet Set { get; }

    public int Count => _elements.Count;

    public void Add(NftElement element)
    {
        if (_elements.Add(element)) _table.ElementAdded(Set, element);
    }

    public void Remove(NftElement element)
    {
        if (_elements.Remove(element)) _table.ElementRemoved(Set, element);
    }

    public void Replace(IEnumerable<NftElement> elements)
    {
        var now = elements.ToHashSet();
        foreach (var gone in _elements.Where(element => !now.Contains(element)).ToList()) Remove(gone);
        foreach (var element in now) Add(element);
    }
}
