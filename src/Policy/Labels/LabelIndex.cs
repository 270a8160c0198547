namespace Margay.Policy.Labels;

/// <summary>Told by a <see cref="LabelIndex"/> what began and ceased to match.</summary>
internal interface IMatchListener
{
    /// <summary>The selector matches the item now.</summary>
    void MatchStarted(int selector, int item);

    /// <summary>The selector does not match the item any more.</summary>
    void MatchStopped(int selector, int item);
}

/// <summary>
/// Which selectors match which items, kept up to date, indexed both ways: under each label stand the items that have it
/// (so that a new selector looks at the rarest label it needs) and the selectors that need it (so that a changed item
/// looks at those its labels lead to, however many others there are). Selectors that need no label, such as
/// <c>!has(x)</c>, are looked at every time.
/// </summary>
internal sealed class LabelIndex(IMatchListener listener)
{
    private readonly Dictionary<int, Item> _items = [];
    private readonly Dictionary<int, Filed> _selectors = [];
    private readonly Dictionary<Anchor, IdSet> _itemsByLabel = [];
    private readonly Dictionary<Anchor, IdSet> _selectorsByLabel = [];
    private readonly IdSet _unfiled = new();

    private sealed class Item(LabelSet labels)
    {
        public LabelSet Labels = labels;
        public readonly IdSet Matched = new();
    }

    private sealed class Filed(CompiledSelector selector, Anchor[]? anchors)
    {
        public readonly CompiledSelector Selector = selector;
        public readonly Anchor[]? Anchors = anchors;
        public readonly IdSet Matched = new();
    }

    /// <summary>Adds an item or gives it other labels.</summary>
    public void SetItem(int id, LabelSet labels)
    {
        if (!_items.TryGetValue(id, out var item))
        {
            item = new Item(LabelSet.Empty);
            _items.Add(id, item);
        }
        else if (item.Labels.Equals(labels))
        {
            return;
        }
        FileItem(id, item.Labels, labels);
        item.Labels = labels;
        foreach (int selector in item.Matched.ToArray())
            if (!_selectors[selector].Selector.Matches(labels)) Stop(selector, id, item);
        foreach (int selector in _unfiled) Try(selector, id, item);
        foreach (var label in labels.Labels)
        {
            TryAll(new Anchor(label.Key, label.Value), id, item);
            TryAll(new Anchor(label.Key, Anchor.AnyValue), id, item);
        }
    }

    /// <summary>Removes an item; what matched it stops.</summary>
    public void RemoveItem(int id)
    {
        if (!_items.TryGetValue(id, out var item)) return;
        foreach (int selector in item.Matched.ToArray()) Stop(selector, id, item);
        FileItem(id, item.Labels, LabelSet.Empty);
        _items.Remove(id);
    }

    /// <summary>Adds a selector under a new number; what it matches starts.</summary>
    public void AddSelector(int id, CompiledSelector selector)
    {
        var anchors = Cheapest(selector.Anchors());
        var filed = new Filed(selector, anchors);
        _selectors.Add(id, filed);
        if (anchors is null)
        {
            _unfiled.Add(id);
            foreach (var (item, state) in _items) Try(id, item, state);
            return;
        }
        foreach (var anchor in anchors)
        {
            File(_selectorsByLabel, anchor, id);
            if (!_itemsByLabel.TryGetValue(anchor, out var items)) continue;
            foreach (int item in items) Try(id, item, _items[item]);
        }
    }

    /// <summary>Removes a selector. The listener is not told: whoever removes it knows.</summary>
    public void RemoveSelector(int id)
    {
        if (!_selectors.Remove(id, out var filed)) return;
        foreach (int item in filed.Matched) _items[item].Matched.Remove(id);
        if (filed.Anchors is null) _unfiled.Remove(id);
        foreach (var anchor in filed.Anchors ?? []) Unfile(_selectorsByLabel, anchor, id);
    }

    /// <summary>The items that a selector matches.</summary>
    public IdSet ItemsOf(int selector) => _selectors[selector].Matched;

    /// <summary>The selectors that match an item; null when there is no such item.</summary>
    public IdSet? SelectorsOf(int item) => _items.TryGetValue(item, out var state) ? state.Matched : null;

    private void TryAll(Anchor anchor, int id, Item item)
    {
        if (!_selectorsByLabel.TryGetValue(anchor, out var selectors)) return;
        foreach (int selector in selectors) Try(selector, id, item);
    }

    private void Try(int selector, int id, Item item)
    {
        var filed = _selectors[selector];
        if (filed.Matched.Contains(id) || !filed.Selector.Matches(item.Labels)) return;
        filed.Matched.Add(id);
        item.Matched.Add(selector);
        listener.MatchStarted(selector, id);
    }

    private void Stop(int selector, int id, Item item)
    {
        _selectors[selector].Matched.Remove(id);
        item.Matched.Remove(selector);
        listener.MatchStopped(selector, id);
    }

    /// <summary>The entry with the fewest items; while there are no items yet, the one with the fewest selectors.</summary>
    private Anchor[]? Cheapest(IReadOnlyList<Anchor[]> entries)
    {
        Anchor[]? best = null;
        (int Items, int Selectors) bestCost = default;
        foreach (var entry in entries)
        {
            (int Items, int Selectors) cost = default;
            foreach (var anchor in entry)
            {
                cost.Items += _itemsByLabel.TryGetValue(anchor, out var items) ? items.Count : 0;
                cost.Selectors += _selectorsByLabel.TryGetValue(anchor, out var selectors) ? selectors.Count : 0;
            }
            if (best is not null && cost.CompareTo(bestCost) >= 0) continue;
            best = entry;
            bestCost = cost;
        }
        return best;
    }

    private void FileItem(int id, LabelSet before, LabelSet after)
    {
        foreach (var label in before.Labels)
        {
            if (after.TryGet(label.Key, out int value))
            {
                if (value != label.Value) Unfile(_itemsByLabel, new Anchor(label.Key, label.Value), id);
                continue;
            }
            Unfile(_itemsByLabel, new Anchor(label.Key, label.Value), id);
            Unfile(_itemsByLabel, new Anchor(label.Key, Anchor.AnyValue), id);
        }
        foreach (var label in after.Labels)
        {
            if (before.TryGet(label.Key, out int value) && value == label.Value) continue;
            File(_itemsByLabel, new Anchor(label.Key, label.Value), id);
            File(_itemsByLabel, new Anchor(label.Key, Anchor.AnyValue), id);
        }
    }

    private static void File(Dictionary<Anchor, IdSet> index, Anchor anchor, int id)
    {
        if (!index.TryGetValue(anchor, out var ids))
        {
            ids = new IdSet();
            index.Add(anchor, ids);
        }
        ids.Add(id);
    }

    private static void Unfile(Dictionary<Anchor, IdSet> index, Anchor anchor, int id)
    {
        if (index.TryGetValue(anchor, out var ids) && ids.Remove(id) && ids.Count == 0) index.Remove(anchor);
    }
}
