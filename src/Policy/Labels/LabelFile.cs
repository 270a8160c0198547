namespace Margay.Policy.Labels;

/// <summary>
/// What is filed under labels: for each name that a selector has ever been looked up by the selectors that need it with any value, and under
/// each of its values the classes that have it and the selectors that need it.
/// </summary>
internal sealed class LabelFile
{
    private readonly Chunks<Entry> _entries = new();
    private readonly SlotTable _slots = new();
    private Name[] _names = [];
    private int _limit = 1;
    private int _free;

    private struct Name
    {
        public bool IsOpen;
        public SmallIdSet Selectors;
        public int Classes;
        public int First;
    }

    /// <summary>One value of a name, and its neighbours among the values of that name; entries begin with 1. Free ones are chained through <see cref="Next"/>.</summary>
    private struct Entry
    {
        public int Key;
        public int Value;
        public int Next;
        public int Previous;
        public SmallIdSet Classes;
        public SmallIdSet Selectors;
    }

    /// <summary>Whether things are filed under the name.</summary>
    public bool IsOpen(int key) => key < _names.Length && _names[key].IsOpen;

    /// <summary>From now on things are filed under the name; false when they were.</summary>
    public bool Open(int key)
    {
        if (key >= _names.Length) Array.Resize(ref _names, Math.Max(key + 1, _names.Length * 2));
        if (_names[key].IsOpen) return false;
        return _names[key].IsOpen = true;
    }

    /// <summary>The selectors that need the name, whatever its value.</summary>
    public SmallIdSet SelectorsOfName(int key) => _names[key].Selectors;

    /// <summary>How many classes and how many selectors stand under a label.</summary>
    public (int Classes, int Selectors) Cost(Anchor label)
    {
        if (label.Value == Anchor.AnyValue) return (_names[label.Key].Classes, _names[label.Key].Selectors.Count);
        int entry = Find(label.Key, label.Value);
        return entry == 0 ? default : (_entries[entry].Classes.Count, _entries[entry].Selectors.Count);
    }

    /// <summary>The classes that have a label.</summary>
    public void AppendClasses(Anchor label, List<int> classes)
    {
        if (label.Value != Anchor.AnyValue)
        {
            if (Find(label.Key, label.Value) is > 0 and var only) Append(only, classes);
            return;
        }
        for (int entry = _names[label.Key].First; entry > 0; entry = _entries[entry].Next) Append(entry, classes);
    }

    /// <summary>A class has the label. Returns the selectors that need it with this value.</summary>
    public SmallIdSet AddClass(Label label, int id)
    {
        ref var entry = ref _entries[FindOrAdd(label.Key, label.Value)];
        entry.Classes.Add(id);
        _names[label.Key].Classes++;
        return entry.Selectors;
    }

    /// <summary>The class is gone.</summary>
    public void RemoveClass(Label label, int id)
    {
        int entry = Find(label.Key, label.Value);
        _entries[entry].Classes.Remove(id);
        _names[label.Key].Classes--;
        Tidy(entry);
    }

    /// <summary>A selector needs the label.</summary>
    public void AddSelector(Anchor label, int id)
    {
        if (label.Value == Anchor.AnyValue) _names[label.Key].Selectors.Add(id);
        else _entries[FindOrAdd(label.Key, label.Value)].Selectors.Add(id);
    }

    /// <summary>The selector is gone.</summary>
    public void RemoveSelector(Anchor label, int id)
    {
        if (label.Value == Anchor.AnyValue)
        {
            _names[label.Key].Selectors.Remove(id);
            return;
        }
        int entry = Find(label.Key, label.Value);
        _entries[entry].Selectors.Remove(id);
        Tidy(entry);
    }

    private void Append(int entry, List<int> classes)
    {
        foreach (int id in _entries[entry].Classes) classes.Add(id);
    }

    private int Find(int key, int value)
    {
        for (var search = _slots.Find(Hash(key, value)); search.Next();)
            if (_entries[search.Id].Key == key && _entries[search.Id].Value == value) return search.Id;
        return 0;
    }

    private int FindOrAdd(int key, int value)
    {
        int entry = Find(key, value);
        if (entry > 0) return entry;
        entry = _free;
        if (entry > 0) _free = _entries[entry].Next;
        else entry = _limit++;
        ref int first = ref _names[key].First;
        _entries.Reach(entry) = new Entry { Key = key, Value = value, Next = first };
        if (first > 0) _entries[first].Previous = entry;
        first = entry;
        _slots.Add(Hash(key, value), entry);
        return entry;
    }

    /// <summary>Forgets a value under which nothing stands.</summary>
    private void Tidy(int number)
    {
        ref var entry = ref _entries[number];
        if (entry.Classes.Count > 0 || entry.Selectors.Count > 0) return;
        _slots.Remove(Hash(entry.Key, entry.Value), number);
        if (entry.Next > 0) _entries[entry.Next].Previous = entry.Previous;
        if (entry.Previous > 0) _entries[entry.Previous].Next = entry.Next;
        else _names[entry.Key].First = entry.Next;
        entry = new Entry { Next = _free };
        _free = number;
    }

    private static uint Hash(int key, int value) =>
        (uint)(((((ulong)(uint)key << 32) | (uint)value) * 0x9e37_79b9_7f4a_7c15) >> 32);
}
