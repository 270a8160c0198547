using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>
/// Which selectors match which items, kept up to date. Items with the same labels form a class, and selectors match classes.
/// Classes and selectors are filed under labels: a new class tries the selectors filed under its labels and those that need
/// none, a new selector tries the classes under the rarest label that it needs. See docs/design/calculation.md.
/// </summary>
internal sealed class LabelIndex(IMatchListener listener)
{
    private readonly LabelClasses _classes = new();
    private readonly Chunks<Item> _items = new();
    private readonly Chunks<Filed> _selectors = new();
    private readonly List<int> _candidates = [];
    private readonly Needs _needs = new();
    private readonly HashSet<int> _newKeys = [];
    private readonly LabelFile _file = new();
    private SmallIdSet _unfiled;

    /// <summary>An item: its class plus one (0: there is no such item), and its neighbours in the class's chain.</summary>
    private struct Item
    {
        public int Class;
        public int Next;
        public int Previous;
    }

    private struct Filed
    {
        public CompiledSelector? Program;
        public SmallIdSet Classes;
        public int Items;

        /// <summary>How many labels it stands under; -1: under none, it is tried every time.</summary>
        public int Places;
        public Anchor Place;
        public Anchor[]? MorePlaces;

        [UnscopedRef]
        public readonly ReadOnlySpan<Anchor> AllPlaces => Places == 1 ? new ReadOnlySpan<Anchor>(in Place) : MorePlaces;
    }

    /// <summary>Adds an item or gives it other labels.</summary>
    public void SetItem(int id, LabelSet labels) => SetItem(id, labels.Labels, labels.Labels.Length);

    /// <summary>
    /// Adds an item or gives it other labels: first its <paramref name="own"/> ones, ordered by name, then inherited ones of other
    /// names, ordered by name.
    /// </summary>
    public void SetItem(int id, ReadOnlySpan<Label> labels, int own)
    {
        int to = _classes.FindOrAdd(labels, own, out bool added);
        if (added) Classify(to);
        Move(id, ref _items.Reach(id), to);
    }

    /// <summary>Removes an item; what matched it stops.</summary>
    public void RemoveItem(int id)
    {
        if (HasItem(id)) Move(id, ref _items[id], -1);
    }

    /// <summary>
    /// Some items inherit other labels now. Items of one class change together: what they lose and gain is found out once.
    /// </summary>
    public void Reparent(SmallIdSet items, ReadOnlySpan<LabelSet> parents)
    {
        Span<Label> labels = stackalloc Label[64];
        int from = -1, to = -1;
        foreach (int id in items)
        {
            if (!HasItem(id)) continue;
            ref var item = ref _items[id];
            if (item.Class - 1 != from)
            {
                from = item.Class - 1;
                var own = OwnLabelsOf(id);
                int most = own.Length;
                foreach (var parent in parents) most += parent.Labels.Length;
                if (most > labels.Length) labels = new Label[most];
                int count = LabelInheritance.Merge(own, parents, labels);
                to = _classes.FindOrAdd(labels[..count], own.Length, out bool added);
                if (added) Classify(to);
            }
            Move(id, ref item, to);
            // The class may be gone with its last item, and its number in use again.
            if (!_classes.IsLive(from) || from == to) from = -1;
        }
    }

    /// <summary>Adds a selector under a number that none has; what it matches starts.</summary>
    public void AddSelector(int id, CompiledSelector selector) => AddSelectors([(id, selector)]);

    /// <summary>Adds selectors. Names by which nothing was looked up before are collected from all classes in one go.</summary>
    public void AddSelectors(ReadOnlySpan<(int Id, CompiledSelector Selector)> selectors)
    {
        foreach (var (id, selector) in selectors)
        {
            _selectors.Reach(id) = new Filed { Program = selector };
            _needs.Read(selector);
            foreach (var anchor in _needs.All) Open(anchor.Key);
        }
        if (_newKeys.Count > 0) FillNewFiles();
        foreach (var (id, selector) in selectors)
        {
            if (selectors.Length > 1) _needs.Read(selector);
            if (_needs.Count == 0) LeaveUnfiled(id);
            else File(id, _needs[Cheapest()]);
        }
    }

    /// <summary>Removes a selector. The listener is not told: whoever removes it knows.</summary>
    public void RemoveSelector(int id)
    {
        if (id >= _selectors.Capacity || _selectors[id].Program is null) return;
        ref var filed = ref _selectors[id];
        foreach (int @class in filed.Classes) _classes.RemoveSelector(@class, id);
        if (filed.Places < 0) _unfiled.Remove(id);
        else foreach (var anchor in filed.AllPlaces) _file.RemoveSelector(anchor, id);
        filed = default;
    }

    /// <summary>Whether there is such an item.</summary>
    public bool HasItem(int id) => id < _items.Capacity && _items[id].Class != 0;

    /// <summary>Whether the selector matches the item.</summary>
    public bool Matches(int selector, int item) => HasItem(item) && _classes.SelectorsOf(_items[item].Class - 1).Contains(selector);

    /// <summary>The items that a selector matches.</summary>
    public MatchedItems ItemsOf(int selector) => new(this, _selectors[selector].Classes, _selectors[selector].Items);

    /// <summary>The selectors that match an item; none when there is no such item.</summary>
    public SmallIdSet SelectorsOf(int item) => HasItem(item) ? _classes.SelectorsOf(_items[item].Class - 1) : default;

    /// <summary>The labels of an item that are not inherited. Good until the index changes.</summary>
    public ReadOnlySpan<Label> OwnLabelsOf(int item)
    {
        int @class = _items[item].Class - 1;
        return _classes.Labels(@class)[.._classes.OwnOf(@class)];
    }

    /// <summary>The first item of a class; -1 when it has none.</summary>
    internal int FirstOf(int @class) => _classes[@class].FirstItem;

    /// <summary>The next item of the same class; -1 after the last.</summary>
    internal int After(int item) => _items[item].Next;

    /// <summary>Finds out which selectors match a new class, and files it.</summary>
    private void Classify(int id)
    {
        foreach (int selector in _unfiled) Try(selector, id);
        foreach (var label in _classes.Labels(id))
        {
            if (!_file.IsOpen(label.Key)) continue;
            var selectors = _file.AddClass(label, id);
            foreach (int selector in _file.SelectorsOfName(label.Key)) Try(selector, id);
            foreach (int selector in selectors) Try(selector, id);
        }
    }

    private void Try(int selector, int id)
    {
        ref var filed = ref _selectors[selector];
        ref var @class = ref _classes[id];
        if (!filed.Program!.Matches(_classes.Labels(id)) || !_classes.AddSelector(id, selector)) return;
        filed.Classes.Add(id);
        filed.Items += @class.Items;
        for (int item = @class.FirstItem; item >= 0; item = _items[item].Next) listener.MatchStarted(selector, item);
    }

    private void Move(int id, ref Item item, int to)
    {
        int from = item.Class - 1;
        if (from == to) return;
        if (from >= 0) Unlink(ref item, from);
        if (to >= 0) Link(id, ref item, to);
        else item.Class = 0;

        var lost = from >= 0 ? _classes.SelectorsOf(from) : default;
        var gained = to >= 0 ? _classes.SelectorsOf(to) : default;
        foreach (int selector in lost)
        {
            _selectors[selector].Items--;
            if (!gained.Contains(selector)) listener.MatchStopped(selector, id);
        }
        foreach (int selector in gained)
        {
            _selectors[selector].Items++;
            if (!lost.Contains(selector)) listener.MatchStarted(selector, id);
        }
        if (from >= 0 && _classes[from].Items == 0) Retire(from);
    }

    private void Link(int id, ref Item item, int to)
    {
        ref var @class = ref _classes[to];
        item = new Item { Class = to + 1, Next = @class.FirstItem, Previous = -1 };
        if (@class.FirstItem >= 0) _items[@class.FirstItem].Previous = id;
        @class.FirstItem = id;
        @class.Items++;
    }

    private void Unlink(ref Item item, int from)
    {
        if (item.Next >= 0) _items[item.Next].Previous = item.Previous;
        if (item.Previous >= 0) _items[item.Previous].Next = item.Next;
        else _classes[from].FirstItem = item.Next;
        _classes[from].Items--;
    }

    private void Retire(int id)
    {
        foreach (int selector in _classes.SelectorsOf(id)) _selectors[selector].Classes.Remove(id);
        foreach (var label in _classes.Labels(id))
            if (_file.IsOpen(label.Key)) _file.RemoveClass(label, id);
        _classes.Remove(id);
    }

    private void Open(int key)
    {
        if (_file.Open(key)) _newKeys.Add(key);
    }

    private void FillNewFiles()
    {
        for (int id = 0; id < _classes.Limit; id++)
        {
            if (!_classes.IsLive(id)) continue;
            foreach (var label in _classes.Labels(id))
                if (_file.IsOpen(label.Key) && _newKeys.Contains(label.Key)) _file.AddClass(label, id);
        }
        _newKeys.Clear();
    }

    private void LeaveUnfiled(int id)
    {
        _selectors[id].Places = -1;
        _unfiled.Add(id);
        for (int @class = 0; @class < _classes.Limit; @class++)
            if (_classes.IsLive(@class)) Try(id, @class);
    }

    private void File(int id, ReadOnlySpan<Anchor> anchors)
    {
        ref var filed = ref _selectors[id];
        filed.Places = anchors.Length;
        if (anchors.Length == 1) filed.Place = anchors[0];
        else filed.MorePlaces = anchors.ToArray();
        foreach (var anchor in anchors)
        {
            _file.AddSelector(anchor, id);
            _candidates.Clear();
            _file.AppendClasses(anchor, _candidates);
            foreach (int @class in CollectionsMarshal.AsSpan(_candidates)) Try(id, @class);
        }
    }

    /// <summary>The entry with the fewest classes; while there are none yet, the one with the fewest selectors.</summary>
    private int Cheapest()
    {
        int best = 0;
        (int Classes, int Selectors) bestCost = default;
        for (int i = 0; i < _needs.Count && _needs.Count > 1; i++)
        {
            (int Classes, int Selectors) cost = default;
            foreach (var anchor in _needs[i])
            {
                var (classes, selectors) = _file.Cost(anchor);
                cost.Classes += classes;
                cost.Selectors += selectors;
            }
            if (i > 0 && cost.CompareTo(bestCost) >= 0) continue;
            best = i;
            bestCost = cost;
        }
        return best;
    }
}
