using System.Numerics;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Labels;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>
/// The members of all IP sets, turned around: under each prefix (with protocol and port, if it has them) the sets that it is
/// in. So one look finds every set that an address is in, however many sets there are.
/// </summary>
internal sealed class MemberIndex
{
    private readonly Chunks<Entry> _entries = new();
    private readonly SlotTable _slots = new();
    private readonly PrefixLengths _lengthsV4 = new(32);
    private readonly PrefixLengths _lengthsV6 = new(128);
    private int _limit;
    private int _free = -1;

    private struct Entry
    {
        public IpSetMember Member;
        public SmallIdSet Sets;
        public int NextFree;
    }

    /// <summary>The member is in the set; returns the member's number.</summary>
    public int Add(in IpSetMember member, int set)
    {
        uint hash = Hash(member);
        int id = Find(member, hash);
        if (id < 0)
        {
            id = _free >= 0 ? _free : _limit++;
            ref var made = ref _entries.Reach(id);
            if (id == _free) _free = made.NextFree;
            made = new Entry { Member = member };
            _slots.Add(hash, id);
            LengthsOf(member.Prefix.Family).Add(member.Prefix.Length);
        }
        _entries[id].Sets.Add(set);
        return id;
    }

    /// <summary>The number of a member that is there.</summary>
    public int NumberOf(in IpSetMember member) => Find(member, Hash(member));

    /// <summary>The member is in the set no longer.</summary>
    public void Remove(int id, int set)
    {
        ref var entry = ref _entries[id];
        entry.Sets.Remove(set);
        if (entry.Sets.Count > 0) return;
        _slots.Remove(Hash(entry.Member), id);
        LengthsOf(entry.Member.Prefix.Family).Remove(entry.Member.Prefix.Length);
        entry.NextFree = _free;
        _free = id;
    }

    /// <summary>Marks every set that the address is in, with or without the protocol and port.</summary>
    public void Mark(in IpAddr address, byte protocol, ushort port, SetMarks marks)
    {
        foreach (byte length in LengthsOf(address.Family).InUse) Mark(new IpSetMember(new IpPrefix(address, length)), marks);
        if (port != 0) Mark(new IpSetMember(address.ToPrefix(), protocol, port), marks);
    }

    private void Mark(in IpSetMember member, SetMarks marks)
    {
        int id = Find(member, Hash(member));
        if (id < 0) return;
        foreach (int set in _entries[id].Sets) marks.Add(set);
    }

    private int Find(in IpSetMember member, uint hash)
    {
        for (var search = _slots.Find(hash); search.Next();)
            if (_entries[search.Id].Member == member) return search.Id;
        return -1;
    }

    private PrefixLengths LengthsOf(IpFamily family) => family == IpFamily.V4 ? _lengthsV4 : _lengthsV6;

    private static uint Hash(in IpSetMember member)
    {
        var address = member.Prefix.Address;
        ulong rest = ((ulong)member.Prefix.Length << 32) | ((ulong)member.Protocol << 16) | member.Port;
        ulong hash = (address.Hi ^ BitOperations.RotateLeft(address.Lo, 29) ^ rest) * 0x9e37_79b9_7f4a_7c15;
        return (uint)(hash >> 32);
    }
}
