using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>
/// One family of a set of prefixes. As long as every member is a single address the kernel's set is a hash table: flat cost, and an
/// edit in microseconds. The first prefix turns it into an interval set, under another name because a set cannot change
/// its kind; it stays one, so that members that come and go do not move rules each time.
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
        Set = Make(existing(Names.IpSet('n', family, id)));
    }

    public NftSet Set { get; private set; }

    /// <summary>Adds a prefix; true when the kernel's set became another one.</summary>
    public bool Add(IpPrefix prefix, DesiredTable table)
    {
        bool becomesInterval = !Set.Interval && !prefix.IsSingleAddress;
        if (becomesInterval) table.RemoveSet(Set.Name);
        Forget();
        _cover.Add(prefix, _appeared, _vanished);
        if (becomesInterval)
        {
            Set = Make(true);
            Put(table);
        }
        else
        {
            Tell(table);
        }
        return becomesInterval;
    }

    public void Remove(IpPrefix prefix, DesiredTable table)
    {
        Forget();
        _cover.Remove(prefix, _appeared, _vanished);
        Tell(table);
    }

    public void Put(DesiredTable table) => table.PutSet(Set, () => _cover.Outermost.Select(Element));

    private NftSet Make(bool interval) =>
        new(Names.IpSet(interval ? 'n' : 'a', _family, _id), ContentSets.AddressType(_family)) { Interval = interval };

    private NftElement Element(IpPrefix prefix) => Set.Interval ? Elements.Prefix(prefix) : Elements.Address(prefix.Address);

    private void Forget()
    {
        _appeared.Clear();
        _vanished.Clear();
    }

    private void Tell(DesiredTable table)
    {
        foreach (var prefix in _vanished) table.ElementRemoved(Set, Element(prefix));
        foreach (var prefix in _appeared) table.ElementAdded(Set, Element(prefix));
    }
}
