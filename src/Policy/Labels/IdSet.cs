using System.Numerics;

namespace Margay.Policy.Labels;

/// <summary>
/// A set of small non-negative numbers: in a sorted array while that is the smaller form and cheap to insert into, else in a
/// bitmap. A set of 250 000 endpoints costs 31 KB, a set of three costs three numbers.
/// </summary>
internal sealed class IdSet
{
    private const int SmallArray = 256;
    private const int LargeArray = 4096;

    private int[]? _array = [];
    private ulong[] _bits = [];

    /// <summary>The number of members.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a member; false when it was one.</summary>
    public bool Add(int id)
    {
        if (_array is null)
        {
            int word = id >> 6;
            if (word >= _bits.Length) Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
            ulong bit = 1UL << (id & 63);
            if ((_bits[word] & bit) != 0) return false;
            _bits[word] |= bit;
            Count++;
            return true;
        }
        int at = Find(id);
        if (at >= 0) return false;
        if (Count >= SmallArray && IsBitmapBetter(id))
        {
            MoveToBits();
            return Add(id);
        }
        at = ~at;
        if (Count == _array.Length) Array.Resize(ref _array, Count == 0 ? 1 : Math.Max(4, Count * 2));
        Array.Copy(_array, at, _array, at + 1, Count - at);
        _array[at] = id;
        Count++;
        return true;
    }

    /// <summary>Removes a member; false when it was none.</summary>
    public bool Remove(int id)
    {
        if (_array is null)
        {
            if (!Contains(id)) return false;
            _bits[id >> 6] &= ~(1UL << (id & 63));
            // Far below the limit, so that a set around it does not change its shape with every step.
            if (--Count == SmallArray / 2) MoveToArray();
            return true;
        }
        int at = Find(id);
        if (at < 0) return false;
        Count--;
        Array.Copy(_array, at + 1, _array, at, Count - at);
        return true;
    }

    /// <summary>Removes all members and keeps the room of a small array.</summary>
    public void Clear()
    {
        if (_array is null) (_array, _bits) = ([], []);
        Count = 0;
    }

    /// <summary>Whether the number is a member.</summary>
    public bool Contains(int id) =>
        _array is null ? id >> 6 < _bits.Length && (_bits[id >> 6] & (1UL << (id & 63))) != 0 : Find(id) >= 0;

    /// <summary>The members in ascending order. The set must not change meanwhile.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The members in ascending order, copied.</summary>
    public int[] ToArray()
    {
        var copy = new int[Count];
        int next = 0;
        foreach (int id in this) copy[next++] = id;
        return copy;
    }

    private int Find(int id) => _array.AsSpan(0, Count).BinarySearch(id);

    private bool IsBitmapBetter(int id) => Count >= LargeArray || Count * 32L > Math.Max(id, _array![Count - 1]);

    private void MoveToBits()
    {
        _bits = new ulong[(_array![Count - 1] >> 6) + 1];
        foreach (int id in _array.AsSpan(0, Count)) _bits[id >> 6] |= 1UL << (id & 63);
        _array = null;
    }

    private void MoveToArray()
    {
        _array = ToArray();
        _bits = [];
    }

    /// <summary>Walks the members.</summary>
    internal struct Enumerator(IdSet set)
    {
        private int _next;
        private ulong _word = set._array is null && set._bits.Length > 0 ? set._bits[0] : 0;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (set._array is { } array)
            {
                if (_next >= set.Count) return false;
                Current = array[_next++];
                return true;
            }
            while (_word == 0)
            {
                if (++_next >= set._bits.Length) return false;
                _word = set._bits[_next];
            }
            Current = (_next << 6) + BitOperations.TrailingZeroCount(_word);
            _word &= _word - 1;
            return true;
        }
    }
}
