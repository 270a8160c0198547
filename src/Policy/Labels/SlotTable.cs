namespace Margay.Policy.Labels;

/// <summary>
/// An open-addressing table from hashes to numbers of things that stand elsewhere, in small pieces: it grows without large
/// arrays, which the collector would treat as old from the start. A slot holds the hash and the number plus one, so that
/// looking on touches nothing else.
/// </summary>
internal sealed class SlotTable
{
    private const int Bits = 10;
    private const int Size = 1 << Bits;
    private const int Small = 1 << 11;

    private ulong[][] _pieces = [new ulong[64]];
    private int _mask = 63;
    private int _count;

    /// <summary>Begins to look for what has a hash.</summary>
    public Search Find(uint hash) => new(this, hash);

    /// <summary>Adds the number of a thing that is not there.</summary>
    public void Add(uint hash, int id)
    {
        if (_count >= _mask / 4 * 3) Grow();
        Place(((ulong)hash << 32) | (uint)(id + 1));
        _count++;
    }

    /// <summary>Removes a number, and moves up those behind it that would not be found any more.</summary>
    /// <exception cref="InvalidOperationException">It is not there: whoever removes it is wrong about its hash.</exception>
    public void Remove(uint hash, int id)
    {
        ulong wanted = ((ulong)hash << 32) | (uint)(id + 1);
        int hole = (int)hash & _mask;
        for (; At(hole) != wanted; hole = (hole + 1) & _mask)
            if (At(hole) == 0) throw new InvalidOperationException($"Number {id} with hash {hash:x8} is not in the table of {_count}.");
        for (int slot = (hole + 1) & _mask; At(slot) != 0; slot = (slot + 1) & _mask)
        {
            int home = (int)(At(slot) >> 32) & _mask;
            if (((slot - home) & _mask) < ((slot - hole) & _mask)) continue;
            At(hole) = At(slot);
            hole = slot;
        }
        At(hole) = 0;
        _count--;
    }

    private ref ulong At(int slot) => ref _pieces[slot >> Bits][slot & (Size - 1)];

    private void Place(ulong entry)
    {
        int slot = (int)(entry >> 32) & _mask;
        while (At(slot) != 0) slot = (slot + 1) & _mask;
        At(slot) = entry;
    }

    private void Grow()
    {
        var before = _pieces;
        // The first thousands of anything pay more for moving than for room.
        int size = _mask < Small ? (_mask + 1) * 4 : (_mask + 1) * 2;
        _pieces = new ulong[Math.Max(1, size / Size)][];
        for (int i = 0; i < _pieces.Length; i++) _pieces[i] = new ulong[Math.Min(size, Size)];
        _mask = size - 1;
        foreach (ulong[] piece in before)
            foreach (ulong entry in piece)
                if (entry != 0) Place(entry);
    }

    /// <summary>Walks the numbers of the things that have a hash. Most often that is none or one.</summary>
    internal struct Search(SlotTable table, uint hash)
    {
        private int _slot = (int)hash & table._mask;

        /// <summary>The number of a thing.</summary>
        public int Id { get; private set; }

        /// <summary>Goes to the next one.</summary>
        public bool Next()
        {
            while (true)
            {
                ulong entry = table.At(_slot);
                if (entry == 0) return false;
                _slot = (_slot + 1) & table._mask;
                if ((uint)(entry >> 32) != hash) continue;
                Id = (int)(uint)entry - 1;
                return true;
            }
        }
    }
}
