using System.Text;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>Numbers of pods by namespace and name, without a string for each.</summary>
internal sealed class PodNames(IdPool ids)
{
    private const int MaxBytes = 1 << 14;

    private readonly TextTable _namespaces = new();
    private readonly NameArena _names = new();
    private readonly Chunks<Entry> _entries = new();
    private readonly byte[] _scratch = new byte[MaxBytes];
    private int[] _slots = new int[16];
    private int _count;

    private struct Entry
    {
        public int Namespace;
        public int Place;
        public int Length;
        public uint Hash;
    }

    /// <summary>The number of a pod; -1 when it has none.</summary>
    public int Find(string @namespace, string name)
    {
        int slot = Seek(_namespaces.Id(@namespace), Encode(name), out _);
        return _slots[slot] - 1;
    }

    /// <summary>The number of a pod; it gets one when it has none.</summary>
    public int FindOrAdd(string @namespace, string name)
    {
        int home = _namespaces.Id(@namespace);
        var bytes = Encode(name);
        int slot = Seek(home, bytes, out uint hash);
        if (_slots[slot] != 0) return _slots[slot] - 1;
        int id = ids.Take();
        _entries.Reach(id) = new Entry { Namespace = home, Place = _names.Store(bytes), Length = bytes.Length, Hash = hash };
        _slots[slot] = id + 1;
        if (++_count > _slots.Length / 4 * 3) Grow();
        return id;
    }

    /// <summary>The namespace of a pod.</summary>
    public string NamespaceOf(int id) => _namespaces.Text(_entries[id].Namespace);

    /// <summary>The name of a pod.</summary>
    public string NameOf(int id) => _names.TextOf(_entries[id].Place, _entries[id].Length);

    /// <summary>The pod has no number any more.</summary>
    public void Remove(int id)
    {
        ref var entry = ref _entries[id];
        int mask = _slots.Length - 1;
        int hole = (int)entry.Hash & mask;
        while (_slots[hole] != id + 1) hole = (hole + 1) & mask;
        for (int slot = (hole + 1) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int home = (int)_entries[_slots[slot] - 1].Hash & mask;
            if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
            _slots[hole] = _slots[slot];
            hole = slot;
        }
        _slots[hole] = 0;
        _names.Free(entry.Place, entry.Length);
        entry = default;
        _count--;
        ids.Return(id);
    }

    private ReadOnlySpan<byte> Encode(string name) => _scratch.AsSpan(0, Encoding.UTF8.GetBytes(name, _scratch));

    /// <summary>The slot of a name, or the empty one where it belongs.</summary>
    private int Seek(int home, ReadOnlySpan<byte> name, out uint hash)
    {
        hash = TextTable.Hash(name) ^ ((uint)home * 0x9e37_79b9);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (int id; (id = _slots[slot] - 1) >= 0; slot = (slot + 1) & mask)
        {
            ref var entry = ref _entries[id];
            if (entry.Hash == hash && entry.Namespace == home && _names.Get(entry.Place, entry.Length).SequenceEqual(name)) break;
        }
        return slot;
    }

    private void Grow()
    {
        int[] before = _slots;
        _slots = new int[before.Length * 2];
        int mask = _slots.Length - 1;
        foreach (int taken in before)
        {
            if (taken == 0) continue;
            int slot = (int)_entries[taken - 1].Hash & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = taken;
        }
    }
}
