using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>
/// One family of a set of prefixes. There is no set in the kernel before there is a member: the kernel finds sets by walking
/// through all of them, and most sets have members of one family only. As long as every member is a single address it
/// is a hash table: flat cost, and an edit in microseconds. The first prefix turns it into an interval set, under another
/// name because a set cannot change its kind. It never goes back, so that members that come and go do not move rules.
/// </summary>
internal sealed class NetSetHalf
{
    private readonly IpSetId _id;
    private readonly IpFamily _family;
    private readonly PrefixCover _cover;
    private readonly List<IpPrefix> _appeared = [];
    private readonly List<IpPrefix> _vanished = [];

    public NetSetHalf(IpSetId id, IpFamily family, Func<string, bool> existing)
    {
        _id = id;
        _family = family;
        _cover = new PrefixCover(family == IpFamily.V4 ? 32 : 128);
        // What an earlier run made of the set is kept: a restart writes nothing.
        if (existing(Names.IpSet('n', family, id))) Set = Make(true);
        else if (existing(Names.IpSet('a', family, id))) Set = Make(false);
    }

    /// <summary>The kernel's set; null before the first member.</summary>
    public NftSet? Set { get; private set; }

    /// <summary>Adds a prefix; true when the kernel's set appeared or became another one.</summary>
    public bool Add(IpPrefix prefix, DesiredTable table)
    {
        Forget();
        _cover.Add(prefix, _appeared, _vanished);
        if (Set is not null && (Set.Interval || prefix.IsSingleAddress))
        {
            Tell(Set, table);
            return false;
        }
        RemoveFrom(table);
        Set = Make(!prefix.IsSingleAddress);
        Put(table);
        return true;
    }

    public void Remove(IpPrefix prefix, DesiredTable table)
    {
        Forget();
        _cover.Remove(prefix, _appeared, _vanished);
        if (Set is not null) Tell(Set, table);
    }

    public void Put(DesiredTable table)
    {
        if (Set is { } set) table.PutSet(set, () => _cover.Outermost.Select(prefix => Element(set, prefix)));
    }

    public void RemoveFrom(DesiredTable table)
    {
        if (Set is not null) table.RemoveSet(Set.Name);
    }

    private NftSet Make(bool interval) =>
        new(Names.IpSet(interval ? 'n' : 'a', _family, _id), ContentSets.AddressType(_family)) { Interval = interval };

    private static NftElement Element(NftSet set, IpPrefix prefix) => set.Interval ? Elements.Prefix(prefix) : Elements.Address(prefix.Address);

    private void Forget()
    {
        _appeared.Clear();
        _vanished.Clear();
    }

    private void Tell(NftSet set, DesiredTable table)
    {
        foreach (var prefix in _vanished) table.ElementRemoved(set, Element(set, prefix));
        foreach (var prefix in _appeared) table.ElementAdded(set, Element(set, prefix));
    }
}
