namespace Margay.Policy.Labels;

/// <summary>Lists of labels, end to end in large blocks; a place that is given back is used for a list of the same length.</summary>
internal sealed class LabelArena
{
    private const int Bits = 12;
    private const int Size = 1 << Bits;

    private readonly Dictionary<int, int> _freeByLength = [];
    private readonly List<Label[]> _blocks = [];
    private int _used = Size;

    /// <summary>Copies a list here and says where.</summary>
    /// <exception cref="OverflowException">There are 2^31 labels already.</exception>
    public int Store(ReadOnlySpan<Label> labels)
    {
        if (labels.IsEmpty) return 0;
        int place = TakeFree(labels.Length);
        labels.CopyTo(Get(place, labels.Length));
        return place;
    }

    /// <summary>The list at a place.</summary>
    public Span<Label> Get(int place, int length) => length == 0 ? [] : _blocks[place >> Bits].AsSpan(place & (Size - 1), length);

    /// <summary>The place is free.</summary>
    public void Free(int place, int length)
    {
        if (length == 0) return;
        // The free places of a length form a chain through themselves.
        Get(place, length)[0] = new Label(_freeByLength.GetValueOrDefault(length, -1), 0);
        _freeByLength[length] = place;
    }

    private int TakeFree(int length)
    {
        if (_freeByLength.TryGetValue(length, out int place) && place >= 0)
        {
            _freeByLength[length] = Get(place, length)[0].Key;
            return place;
        }
        if (length > Size || _used + length > Size)
        {
            _blocks.Add(new Label[Math.Max(length, Size)]);
            _used = 0;
        }
        place = checked(((_blocks.Count - 1) * Size) + _used);
        _used += length;
        return place;
    }
}
