using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>An IP set and its one or two kernel sets.</summary>
internal abstract class IpSetState(IpSetKind kind)
{
    public IpSetKind Kind { get; } = kind;

    /// <summary>The members now.</summary>
    public abstract IReadOnlyCollection<IpSetMember> Members { get; }

    /// <summary>The kernel's set for a family; null when there has never been a member, so that there is none.</summary>
    public abstract string? NameOf(IpFamily family);

    /// <summary>Applies a delta; returns true when a kernel set appeared or got another name and rules must follow.</summary>
    public abstract bool Change(IEnumerable<IpSetMember> added, IEnumerable<IpSetMember> removed, DesiredTable table);

    /// <summary>Puts the kernel sets into the table.</summary>
    public abstract void Put(DesiredTable table);

    /// <summary>Takes the kernel sets out of the table.</summary>
    public abstract void RemoveFrom(DesiredTable table);
}

/// <summary>Addresses with protocol and port: one hash set per family.</summary>
internal sealed class PortSetState : IpSetState
{
    private readonly HashSet<IpSetMember> _members = [];
    private readonly NftSet[] _sets;

    public PortSetState(IpSetId id, bool ipv6) : base(IpSetKind.AddressAndPort) =>
        _sets = [.. (ipv6 ? new[] { IpFamily.V4, IpFamily.V6 } : [IpFamily.V4]).Select(family => new NftSet(
            Names.IpSet('p', family, id), ContentSets.AddressType(family), NftType.InetProtocol, NftType.InetService))];

    public override IReadOnlyCollection<IpSetMember> Members => _members;

    public override string? NameOf(IpFamily family) => family == IpFamily.V4 ? _sets[0].Name : _sets.Length > 1 ? _sets[1].Name : null;

    public override bool Change(IEnumerable<IpSetMember> added, IEnumerable<IpSetMember> removed, DesiredTable table)
    {
        foreach (var member in removed)
        {
            if (_members.Remove(member) && SetOf(member) is { } set) table.ElementRemoved(set, Elements.AddressAndPort(member));
        }
        foreach (var member in added)
        {
            if (_members.Add(member) && SetOf(member) is { } set) table.ElementAdded(set, Elements.AddressAndPort(member));
        }
        return false;
    }

    public override void Put(DesiredTable table)
    {
        foreach (var set in _sets) table.PutSet(set, () => _members.Where(member => SetOf(member) == set).Select(Elements.AddressAndPort));
    }

    public override void RemoveFrom(DesiredTable table)
    {
        foreach (var set in _sets) table.RemoveSet(set.Name);
    }

    private NftSet? SetOf(IpSetMember member) =>
        member.Prefix.Family == IpFamily.V4 ? _sets[0] : _sets.Length > 1 ? _sets[1] : null;
}
