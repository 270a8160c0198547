namespace Margay.Policy.Labels;

/// <summary>
/// Bytes end to end in large blocks: names, texts and packed policies cost their bytes instead of objects, and the collector has nothing to
/// follow. A place that is given back is used again.
/// </summary>
internal sealed class ByteArena
{
    private const int Bits = 14;
    private const int Size = 1 << Bits;
    private const int Grain = 4; // lengths are rounded up, so that a free place holds the number of the next one

    private readonly Dictionary<int, int> _freeByLength = [];
    private readonly List<byte[]> _blocks = [];
    private int _used = Size;

    /// <summary>Stores bytes and says where. What is longer than a block gets one of its own.</summary>
    public int Store(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return 0;
        int place = Reserve(bytes.Length);
        bytes.CopyTo(Get(place, bytes.Length));
        return place;
    }

    /// <summary>A place for bytes that the caller writes; at least one.</summary>
    /// <exception cref="OverflowException">There are 2 GiB of bytes already.</exception>
    public int Reserve(int length)
    {
        int room = Round(length);
        if (_freeByLength.TryGetValue(room, out int place) && place >= 0)
        {
            _freeByLength[room] = BitConverter.ToInt32(Get(place, Grain));
            return place;
        }
        if (_used + room > Size)
        {
            _blocks.Add(new byte[Math.Max(Size, room)]);
            _used = 0;
        }
        place = checked(((_blocks.Count - 1) * Size) + _used);
        _used += room;
        return place;
    }

    /// <summary>The bytes at a place.</summary>
    public Span<byte> Get(int place, int length) => length == 0 ? [] : _blocks[place >> Bits].AsSpan(place & (Size - 1), length);

    /// <summary>The place is free.</summary>
    public void Free(int place, int length)
    {
        int room = Round(length);
        if (room == 0) return;
        BitConverter.TryWriteBytes(Get(place, Grain), _freeByLength.GetValueOrDefault(room, -1));
        _freeByLength[room] = place;
    }

    private static int Round(int length) => (length + Grain - 1) & -Grain;
}
