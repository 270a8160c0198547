using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Programming;

/// <summary>What was edited since the last transaction that succeeded, with what stood there before the first edit.</summary>
internal sealed class TableChanges
{
    /// <summary>Edited chains; null: there was none.</summary>
    public Dictionary<string, DesiredChain?> ChainsBefore { get; } = [];

    /// <summary>Sets that were made or removed; null: there was none.</summary>
    public Dictionary<string, NftSet?> SetsBefore { get; } = [];

    /// <summary>Edited elements by set.</summary>
    public Dictionary<string, ElementChanges> Elements { get; } = [];

    /// <summary>The record does not tell everything: the table must be compared as a whole.</summary>
    public bool IsIncomplete { get; set; }

    public bool IsEmpty => ChainsBefore.Count + SetsBefore.Count + Elements.Count == 0;

    public void OnChain(string name, DesiredChain? before) => ChainsBefore.TryAdd(name, before);

    public void OnSet(string name, NftSet? before) => SetsBefore.TryAdd(name, before);

    public ElementChanges ElementsOf(string set)
    {
        if (!Elements.TryGetValue(set, out var changes)) Elements[set] = changes = new ElementChanges();
        return changes;
    }

    public void Clear()
    {
        ChainsBefore.Clear();
        SetsBefore.Clear();
        Elements.Clear();
        IsIncomplete = false;
    }
}

/// <summary>Elements that came and went; what did both is in neither list.</summary>
internal sealed class ElementChanges
{
    private readonly HashSet<NftElement> _added = [];
    private readonly HashSet<NftElement> _removed = [];

    public IReadOnlyCollection<NftElement> Added => _added;

    public IReadOnlyCollection<NftElement> Removed => _removed;

    public void Add(NftElement element)
    {
        if (!_removed.Remove(element)) _added.Add(element);
    }

    public void Remove(NftElement element)
    {
        if (!_added.Remove(element)) _removed.Add(element);
    }
}
