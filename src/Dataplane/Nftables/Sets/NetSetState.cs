using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>Prefixes of both families.</summary>
internal sealed class NetSetState : IpSetState
{
    private readonly HashSet<IpSetMember> _members = [];
    private readonly NetSetHalf _v4;
    private readonly NetSetHalf? _v6;

    /// <summary>Makes an empty set.</summary>
    /// <param name="id">The set.</param>
    /// <param name="ipv6">Whether there is IPv6.</param>
    /// <param name="existing">Whether the kernel has a set of that name: then its shape is kept.</param>
    public NetSetState(IpSetId id, bool ipv6, Func<string, bool> existing) : base(IpSetKind.Net)
    {
        _v4 = new NetSetHalf(id, IpFamily.V4, existing);
        _v6 = ipv6 ? new NetSetHalf(id, IpFamily.V6, existing) : null;
    }

    public override IReadOnlyCollection<IpSetMember> Members => _members;

    public override string? NameOf(IpFamily family) => (family == IpFamily.V4 ? _v4 : _v6)?.Set?.Name;

    public override bool Change(IEnumerable<IpSetMember> added, IEnumerable<IpSetMember> removed, DesiredTable table)
    {
        foreach (var member in removed)
        {
            if (_members.Remove(member)) HalfOf(member)?.Remove(member.Prefix, table);
        }
        bool renamed = false;
        foreach (var member in added)
        {
            if (_members.Add(member) && HalfOf(member) is { } half) renamed |= half.Add(member.Prefix, table);
        }
        return renamed;
    }

    public override void Put(DesiredTable table)
    {
        _v4.Put(table);
        _v6?.Put(table);
    }

    public override void RemoveFrom(DesiredTable table)
    {
        _v4.RemoveFrom(table);
        _v6?.RemoveFrom(table);
    }

    private NetSetHalf? HalfOf(IpSetMember member) => member.Prefix.Family == IpFamily.V4 ? _v4 : _v6;
}
