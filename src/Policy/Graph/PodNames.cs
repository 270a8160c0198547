using System.Text;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>Numbers of pods by the number of their namespace and their name, without a string for each.</summary>
internal sealed class PodNames(IdPool ids)
{
    private readonly ByteArena _names = new();
    private readonly Chunks<Entry> _entries = new();
    private byte[] _scratch = new byte[1024];
    private readonly SlotTable _slots = new();

    private struct Entry
    {
        public int Namespace;
        public int Place;
        public int Length;
    }

    /// <summary>The number of a pod; -1 when it has none.</summary>
    public int Find(int home, string name)
    {
        var bytes = Encode(name);
        return Seek(home, bytes, Hash(home, bytes));
    }

    /// <summary>The number of a pod; it gets one when it has none.</summary>
    public int FindOrAdd(int home, string name)
    {
        var bytes = Encode(name);
        uint hash = Hash(home, bytes);
        int id = Seek(home, bytes, hash);
        if (id >= 0) return id;
        id = ids.Take();
        _entries.Reach(id) = new Entry { Namespace = home, Place = _names.Store(bytes), Length = bytes.Length };
        _slots.Add(hash, id);
        return id;
    }

    /// <summary>The pod has no number any more.</summary>
    public void Remove(int id)
    {
        ref var entry = ref _entries[id];
        _slots.Remove(Hash(entry.Namespace, _names.Get(entry.Place, entry.Length)), id);
        _names.Free(entry.Place, entry.Length);
        entry = default;
        ids.Return(id);
    }

    private ReadOnlySpan<byte> Encode(string name)
    {
        int most = Encoding.UTF8.GetMaxByteCount(name.Length);
        if (_scratch.Length < most) _scratch = new byte[most];
        return _scratch.AsSpan(0, Encoding.UTF8.GetBytes(name, _scratch));
    }

    private int Seek(int home, ReadOnlySpan<byte> name, uint hash)
    {
        for (var search = _slots.Find(hash); search.Next();)
        {
            ref var entry = ref _entries[search.Id];
            if (entry.Namespace == home && _names.Get(entry.Place, entry.Length).SequenceEqual(name)) return search.Id;
        }
        return -1;
    }

    private static uint Hash(int home, ReadOnlySpan<byte> name) => TextTable.Hash(name) ^ ((uint)home * 0x9e37_79b9);
}
