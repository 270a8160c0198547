using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>All IP sets.</summary>
/// <param name="table">Where their kernel sets go.</param>
internal sealed class IpSets(DesiredTable table)
{
    private readonly Dictionary<IpSetId, IpSetState> _sets = [];

    /// <summary>Whether IPv6 is programmed.</summary>
    public bool Ipv6 { get; set; } = true;

    /// <summary>Names of sets that the kernel had when it was last read.</summary>
    public IReadOnlySet<string> Existing { get; set; } = new HashSet<string>();

    /// <summary>IP sets whose kernel set got another name since this was last cleared.</summary>
    public HashSet<IpSetId> Renamed { get; } = [];

    /// <summary>Told of every change to members; set once by who follows them.</summary>
    public Action<IpSetId, IEnumerable<IpSetMember>, IEnumerable<IpSetMember>> Changed { get; set; } = static (_, _, _) => { };

    /// <summary>The members of a set of prefixes.</summary>
    public IEnumerable<IpSetMember> MembersOf(IpSetId id) => _sets.TryGetValue(id, out var set) ? set.Members : [];

    public void Update(IpSetUpdate update)
    {
        if (_sets.TryGetValue(update.Id, out var set) && set.Kind != update.Kind)
            throw new ArgumentException($"IP set {update.Id} was {set.Kind} and cannot become {update.Kind}.", nameof(update));
        if (set is null)
        {
            set = Make(update.Id, update.Kind);
            Change(update.Id, set, update.Members, []);
            return;
        }
        var before = set.Members.ToHashSet();
        var added = update.Members.Where(member => !before.Remove(member)).ToList();
        Change(update.Id, set, added, before);
    }

    public void Update(IpSetDelta delta)
    {
        if (!_sets.TryGetValue(delta.Id, out var set)) throw new ArgumentException($"IP set {delta.Id} changes before it was sent.", nameof(delta));
        Change(delta.Id, set, delta.Added, delta.Removed);
    }

    public void Remove(IpSetId id)
    {
        if (!_sets.Remove(id, out var set)) return;
        if (set.Kind == IpSetKind.Net) Changed(id, [], set.Members);
        set.RemoveFrom(table);
    }

    /// <summary>The kernel's set; null when it has never had a member. A set that was never sent is an empty one.</summary>
    public string? NameOf(IpSetId id, IpFamily family, IpSetKind kind)
    {
        if (!_sets.TryGetValue(id, out var set)) set = Make(id, kind);
        return set.NameOf(family);
    }

    /// <summary>Makes every kernel set anew, after IPv6 was switched on or off.</summary>
    public void Remake()
    {
        foreach (var (id, old) in _sets.ToList())
        {
            old.RemoveFrom(table);
            if (Make(id, old.Kind).Change(old.Members, [], table)) Renamed.Add(id);
        }
    }

    private IpSetState Make(IpSetId id, IpSetKind kind)
    {
        IpSetState set = kind == IpSetKind.AddressAndPort ? new PortSetState(id, Ipv6) : new NetSetState(id, Ipv6, Existing.Contains);
        _sets[id] = set;
        set.Put(table);
        return set;
    }

    private void Change(IpSetId id, IpSetState set, IEnumerable<IpSetMember> added, IEnumerable<IpSetMember> removed)
    {
        if (set.Change(added, removed, table)) Renamed.Add(id);
        if (set.Kind == IpSetKind.Net) Changed(id, added, removed);
    }
}
