using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>
/// What is filed under one label name: for each value the classes that have it and the selectors that need it, and the
/// selectors that need the name with any value. There is one for each name that a selector has ever been looked up by.
/// </summary>
internal sealed class KeyFile
{
    private readonly Dictionary<int, Filed> _values = [];
    private SmallIdSet _anyValue;
    private int _classes;

    private struct Filed
    {
        public SmallIdSet Classes;
        public SmallIdSet Selectors;
    }

    /// <summary>The selectors that need the name, whatever its value.</summary>
    public SmallIdSet SelectorsOfName => _anyValue;

    /// <summary>The selectors that need this value.</summary>
    public SmallIdSet SelectorsOf(int value) => _values.TryGetValue(value, out var filed) ? filed.Selectors : default;

    /// <summary>How many classes and how many selectors stand under a value, or under the name.</summary>
    public (int Classes, int Selectors) Cost(int value)
    {
        if (value == Anchor.AnyValue) return (_classes, _anyValue.Count);
        return _values.TryGetValue(value, out var filed) ? (filed.Classes.Count, filed.Selectors.Count) : default;
    }

    /// <summary>The classes that have the name with a value, or with any.</summary>
    public void AppendClasses(int value, List<int> classes)
    {
        if (value != Anchor.AnyValue)
        {
            if (_values.TryGetValue(value, out var filed))
                foreach (int id in filed.Classes) classes.Add(id);
            return;
        }
        foreach (var filed in _values.Values)
            foreach (int id in filed.Classes) classes.Add(id);
    }

    /// <summary>A class has the name with this value.</summary>
    public void AddClass(int value, int id)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _).Classes.Add(id);
        _classes++;
    }

    /// <summary>The class is gone.</summary>
    public void RemoveClass(int value, int id)
    {
        ref var filed = ref CollectionsMarshal.GetValueRefOrNullRef(_values, value);
        filed.Classes.Remove(id);
        _classes--;
        if (filed.Classes.Count == 0 && filed.Selectors.Count == 0) _values.Remove(value);
    }

    /// <summary>A selector needs the name with a value, or with any.</summary>
    public void AddSelector(int value, int id)
    {
        if (value == Anchor.AnyValue) _anyValue.Add(id);
        else CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _).Selectors.Add(id);
    }

    /// <summary>The selector is gone.</summary>
    public void RemoveSelector(int value, int id)
    {
        if (value == Anchor.AnyValue)
        {
            _anyValue.Remove(id);
            return;
        }
        ref var filed = ref CollectionsMarshal.GetValueRefOrNullRef(_values, value);
        filed.Selectors.Remove(id);
        if (filed.Classes.Count == 0 && filed.Selectors.Count == 0) _values.Remove(value);
    }
}
