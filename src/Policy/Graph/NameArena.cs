namespace Margay.Policy.Graph;

/// <summary>Names as UTF-8, end to end in large blocks: a pod's name costs its bytes instead of a string. A place that is given back is used again.</summary>
internal sealed class NameArena
{
    private const int Bits = 14;
    private const int Size = 1 << Bits;
    private const int Grain = 4; // lengths are rounded up, so that a free place holds the number of the next one

    private readonly Dictionary<int, int> _freeByLength = [];
    private readonly List<byte[]> _blocks = [];
    private int _used = Size;

    /// <summary>Stores a name of at most 16 384 bytes and says where.</summary>
    public int Store(ReadOnlySpan<byte> name)
    {
        int room = Round(name.Length);
        if (room == 0) return 0;
        if (_freeByLength.TryGetValue(room, out int place) && place >= 0)
        {
            _freeByLength[room] = BitConverter.ToInt32(Raw(place, Grain));
        }
        else
        {
            if (_used + room > Size)
            {
                _blocks.Add(new byte[Size]);
                _used = 0;
            }
            place = ((_blocks.Count - 1) << Bits) + _used;
            _used += room;
        }
        name.CopyTo(Raw(place, room));
        return place;
    }

    /// <summary>The name at a place.</summary>
    public ReadOnlySpan<byte> Get(int place, int length) => length == 0 ? [] : Raw(place, length);

    /// <summary>The place is free.</summary>
    public void Free(int place, int length)
    {
        int room = Round(length);
        if (room == 0) return;
        BitConverter.TryWriteBytes(Raw(place, Grain), _freeByLength.GetValueOrDefault(room, -1));
        _freeByLength[room] = place;
    }

    private Span<byte> Raw(int place, int length) => _blocks[place >> Bits].AsSpan(place & (Size - 1), length);

    private static int Round(int length) => (length + Grain - 1) & -Grain;
}
