using Margay.Model.Selectors;
using Margay.Policy.Labels;

namespace Margay.Policy.Tests.Labels;

/// <summary>
/// The twin of <see cref="LabelIndex"/>, with texts and dictionaries and without classes: which selectors match which items, indexed both ways: under each label stand the items that have it
/// (so that a new selector looks at the rarest label it needs) and the selectors that need it (so that a changed item
/// looks at those its labels lead to, however many others there are). Selectors that need no label, such as
/// <c>!has(x)</c>, are looked at every time.
/// </summary>
internal sealed class PlainLabelIndex(IMatchListener listener)
{
    private readonly Dictionary<int, Item> _items = [];
    private readonly Dictionary<int, Filed> _selectors = [];
    private readonly Dictionary<TextAnchor, IdSet> _itemsByLabel = [];
    private readonly Dictionary<TextAnchor, IdSet> _selectorsByLabel = [];
    private readonly IdSet _unfiled = new();

    private sealed class Item(Dictionary<string, string> labels)
    {
        public Dictionary<string, string> Labels = labels;
        public readonly IdSet Matched = new();
    }

    private sealed class Filed(Selector selector, TextAnchor[]? anchors)
    {
        public readonly Selector Selector = selector;
        public readonly TextAnchor[]? Anchors = anchors;
        public readonly IdSet Matched = new();
    }

    /// <summary>Adds an item or gives it other labels.</summary>
    public void SetItem(int id, Dictionary<string, string> labels)
    {
        if (!_items.TryGetValue(id, out var item))
        {
            item = new Item([]);
            _items.Add(id, item);
        }
        FileItem(id, item.Labels, labels);
        item.Labels = labels;
        foreach (int selector in item.Matched.ToArray())
            if (!_selectors[selector].Selector.Evaluate(labels)) Stop(selector, id, item);
        foreach (int selector in _unfiled) Try(selector, id, item);
        foreach (var label in labels)
        {
            TryAll(new TextAnchor(label.Key, label.Value), id, item);
            TryAll(new TextAnchor(label.Key, null), id, item);
        }
    }

    /// <summary>Removes an item; what matched it stops.</summary>
    public void RemoveItem(int id)
    {
        if (!_items.TryGetValue(id, out var item)) return;
        foreach (int selector in item.Matched.ToArray()) Stop(selector, id, item);
        FileItem(id, item.Labels, []);
        _items.Remove(id);
    }

    /// <summary>Adds a selector under a new number; what it matches starts.</summary>
    public void AddSelector(int id, Selector selector)
    {
        var anchors = Cheapest(TextAnchor.Of(selector.Root));
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

    private void TryAll(TextAnchor anchor, int id, Item item)
    {
        if (!_selectorsByLabel.TryGetValue(anchor, out var selectors)) return;
        foreach (int selector in selectors) Try(selector, id, item);
    }

    private void Try(int selector, int id, Item item)
    {
        var filed = _selectors[selector];
        if (filed.Matched.Contains(id) || !filed.Selector.Evaluate(item.Labels)) return;
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
    private TextAnchor[]? Cheapest(IReadOnlyList<TextAnchor[]> entries)
    {
        TextAnchor[]? best = null;
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

    private void FileItem(int id, Dictionary<string, string> before, Dictionary<string, string> after)
    {
        foreach (var label in before)
        {
            if (after.TryGetValue(label.Key, out string? value))
            {
                if (value != label.Value) Unfile(_itemsByLabel, new TextAnchor(label.Key, label.Value), id);
                continue;
            }
            Unfile(_itemsByLabel, new TextAnchor(label.Key, label.Value), id);
            Unfile(_itemsByLabel, new TextAnchor(label.Key, null), id);
        }
        foreach (var label in after)
        {
            if (before.TryGetValue(label.Key, out string? value) && value == label.Value) continue;
            File(_itemsByLabel, new TextAnchor(label.Key, label.Value), id);
            File(_itemsByLabel, new TextAnchor(label.Key, null), id);
        }
    }

    private static void File(Dictionary<TextAnchor, IdSet> index, TextAnchor anchor, int id)
    {
        if (!index.TryGetValue(anchor, out var ids))
        {
            ids = new IdSet();
            index.Add(anchor, ids);
        }
        ids.Add(id);
    }

    private static void Unfile(Dictionary<TextAnchor, IdSet> index, TextAnchor anchor, int id)
    {
        if (index.TryGetValue(anchor, out var ids) && ids.Remove(id) && ids.Count == 0) index.Remove(anchor);
    }
}
