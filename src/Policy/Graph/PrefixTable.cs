using Margay.Foundation.Primitives;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// Every prefix that a pod, host endpoint or network set contributes, once, with who contributes it. Nearly always that is
/// one, whose number then stands beside the prefix; only what several claim has a set of claimants.
/// </summary>
internal sealed class PrefixTable
{
    private const int Nobody = -1;

    private static readonly ulong _secret = TextTable.Secret();

    private readonly Chunks<Entry> _entries = new();
    private readonly List<IdSet> _shared = [];
    private readonly Stack<int> _freeShared = [];
    private readonly SlotTable _slots = new();
    private int _limit = 1;
    private int _free;

    /// <summary>The claimant; or -1; or, when there are several, the complement of their place, minus one.</summary>
    private struct Entry
    {
        public ulong High;
        public ulong Low;
        public int Claimant;
        public byte Length;
        public IpFamily Family;
    }

    /// <summary>The prefix of a number; numbers begin with 1.</summary>
    public IpPrefix this[int id]
    {
        get
        {
            ref var entry = ref _entries[id];
            return new IpPrefix(new IpAddr(entry.High, entry.Low, entry.Family), entry.Length);
        }
    }

    /// <summary>The number of a prefix, which somebody must claim next.</summary>
    public int FindOrAdd(in IpPrefix prefix)
    {
        var address = prefix.Address;
        uint hash = Hash(address.Hi, address.Lo, prefix.Length);
        for (var search = _slots.Find(hash); search.Next();)
        {
            ref var known = ref _entries[search.Id];
            if (known.Low == address.Lo && known.High == address.Hi && known.Length == prefix.Length && known.Family == address.Family) return search.Id;
        }
        return Add(prefix, hash);
    }

    /// <summary>The item contributes the prefix; false when it did already.</summary>
    public bool Claim(int id, int item)
    {
        ref int claimant = ref _entries[id].Claimant;
        if (claimant == item) return false;
        if (claimant == Nobody)
        {
            claimant = item;
            return true;
        }
        if (claimant >= 0)
        {
            int place = _freeShared.TryPop(out int free) ? free : _shared.Count;
            if (place == _shared.Count) _shared.Add(new IdSet());
            _shared[place].Add(claimant);
            claimant = ~place - 1;
        }
        return _shared[~(claimant + 1)].Add(item);
    }

    /// <summary>The item contributes the prefix no longer. What nobody contributes is forgotten.</summary>
    public void Unclaim(int id, int item)
    {
        ref int claimant = ref _entries[id].Claimant;
        if (claimant >= 0)
        {
            Remove(id);
            return;
        }
        int place = ~(claimant + 1);
        var several = _shared[place];
        several.Remove(item);
        if (several.Count > 1) return;
        foreach (int last in several) claimant = last;
        several.Clear();
        _freeShared.Push(place);
    }

    /// <summary>Who contributes the prefix beside others; null when nobody does.</summary>
    public IdSet? SharersOf(int id)
    {
        int claimant = _entries[id].Claimant;
        return claimant >= Nobody ? null : _shared[~(claimant + 1)];
    }

    private int Add(in IpPrefix prefix, uint hash)
    {
        int id = _free;
        if (id > 0) _free = (int)_entries[id].Low;
        else id = _limit++;
        _entries.Reach(id) = new Entry
        {
            High = prefix.Address.Hi, Low = prefix.Address.Lo, Claimant = Nobody, Length = prefix.Length, Family = prefix.Family,
        };
        _slots.Add(hash, id);
        return id;
    }

    private void Remove(int id)
    {
        ref var entry = ref _entries[id];
        _slots.Remove(Hash(entry.High, entry.Low, entry.Length), id);
        entry.Claimant = Nobody;
        entry.Low = (ulong)_free;
        _free = id;
    }

    /// <summary>Has a secret part: whoever may write a network set chooses the prefixes, and could choose them all alike.</summary>
    private static uint Hash(ulong high, ulong low, byte length)
    {
        ulong mixed = (high ^ _secret) * _secret;
        mixed = (mixed ^ (mixed >> 32) ^ low ^ ((ulong)length << 56)) * _secret;
        return (uint)(mixed >> 32);
    }
}
