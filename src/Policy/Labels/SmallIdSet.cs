namespace Margay.Policy.Labels;

/// <summary>A set of numbers that usually has none or one: that one stands here, more of them in an <see cref="IdSet"/>.</summary>
internal struct SmallIdSet
{
    private int _single; // the member plus one; 0: none
    private IdSet? _many;

    /// <summary>A set of one member, given plus one, or (0) of none.</summary>
    internal SmallIdSet(int single) => _single = single;

    /// <summary>The same as another set, not a copy.</summary>
    internal SmallIdSet(IdSet many) => _many = many;

    /// <summary>The number of members.</summary>
    public readonly int Count => _many is null ? (_single == 0 ? 0 : 1) : _many.Count;

    /// <summary>Adds a member; false when it was one.</summary>
    public bool Add(int id)
    {
        if (_many is not null) return _many.Add(id);
        if (_single == id + 1) return false;
        if (_single == 0)
        {
            _single = id + 1;
            return true;
        }
        _many = new IdSet();
        _many.Add(_single - 1);
        return _many.Add(id);
    }

    /// <summary>Removes a member; false when it was none. A set that once had many stays ready for many.</summary>
    public bool Remove(int id)
    {
        if (_many is not null) return _many.Remove(id);
        if (_single != id + 1) return false;
        _single = 0;
        return true;
    }

    /// <summary>Removes all.</summary>
    public void Clear() => this = default;

    /// <summary>Whether the number is a member.</summary>
    public readonly bool Contains(int id) => _many is null ? _single == id + 1 : _many.Contains(id);

    /// <summary>The members in ascending order. The set must not change meanwhile.</summary>
    public readonly Enumerator GetEnumerator() => new(_single, _many);

    /// <summary>The members in ascending order, copied.</summary>
    public readonly int[] ToArray() => _many is not null ? _many.ToArray() : _single == 0 ? [] : [_single - 1];

    /// <summary>Walks the members.</summary>
    internal struct Enumerator(int single, IdSet? many)
    {
        private int _single = single;
        private readonly bool _isMany = many is not null;
        private IdSet.Enumerator _many = many is null ? default : many.GetEnumerator();

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_isMany)
            {
                if (!_many.MoveNext()) return false;
                Current = _many.Current;
                return true;
            }
            if (_single == 0) return false;
            Current = _single - 1;
            _single = 0;
            return true;
        }
    }
}
