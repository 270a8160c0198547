using Margay.Dataplane.Contract;
using Margay.Policy.Conversion.Packing;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The packed specs of policies, equal ones once: the three policies of every namespace of a template are three.</summary>
internal sealed class PackedSpecs
{
    private readonly SpecWriter _writer = new();
    private readonly ByteArena _bytes = new();
    private readonly Chunks<Entry> _entries = new();
    private readonly SlotTable _slots = new();
    private readonly Stack<int> _free = [];
    private int _limit = 1;

    private struct Entry
    {
        public int Place;
        public int Length;
        public int Users;
    }

    /// <summary>Packs a spec. Returns its number, which is not 0 and must be given back.</summary>
    public int Pack(object spec)
    {
        _writer.Clear();
        PackedSpec.Write(_writer, spec);
        var bytes = _writer.Written;
        uint hash = TextTable.Hash(bytes);
        for (var search = _slots.Find(hash); search.Next();)
        {
            ref var known = ref _entries[search.Id];
            if (!_bytes.Get(known.Place, known.Length).SequenceEqual(bytes)) continue;
            known.Users++;
            return search.Id;
        }
        int number = _free.TryPop(out int free) ? free : _limit++;
        _entries.Reach(number) = new Entry { Place = _bytes.Store(bytes), Length = bytes.Length, Users = 1 };
        _slots.Add(hash, number);
        return number;
    }

    /// <summary>The spec of a number again.</summary>
    public object Unpack(PolicyKind kind, int number) =>
        PackedSpec.Read(kind, _bytes.Get(_entries[number].Place, _entries[number].Length).ToArray());

    /// <summary>One user less. Nothing for 0.</summary>
    public void Release(int number)
    {
        if (number == 0) return;
        ref var entry = ref _entries[number];
        if (--entry.Users > 0) return;
        _slots.Remove(TextTable.Hash(_bytes.Get(entry.Place, entry.Length)), number);
        _bytes.Free(entry.Place, entry.Length);
        _free.Push(number);
    }
}
