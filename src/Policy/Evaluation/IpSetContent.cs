using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation;

/// <summary>The members of one IP set.</summary>
internal sealed class IpSetContent(IpSetKind kind, IEnumerable<IpSetMember> members)
{
    private readonly HashSet<IpSetMember> _members = [.. members];

    /// <summary>What the members are.</summary>
    public IpSetKind Kind { get; } = kind;

    /// <summary>The members, sorted.</summary>
    public IEnumerable<IpSetMember> Members => _members.Order();

    /// <summary>The members, in no order.</summary>
    public IReadOnlyCollection<IpSetMember> Unsorted => _members;

    /// <summary>Applies a difference; false when it does not fit what is there.</summary>
    public bool Apply(IpSetDelta delta)
    {
        bool fits = true;
        foreach (var member in delta.Removed) fits &= _members.Remove(member);
        foreach (var member in delta.Added) fits &= _members.Add(member);
        return fits;
    }

    /// <summary>True when a member holds the address: looked for under every prefix length.</summary>
    public bool Contains(IpAddr address)
    {
        for (int length = address.Bits; length >= 0; length--)
            if (_members.Contains(new IpSetMember(new IpPrefix(address, (byte)length)))) return true;
        return false;
    }

    /// <summary>True when the address with the protocol and port is a member.</summary>
    public bool Contains(IpAddr address, byte protocol, ushort port) =>
        _members.Contains(new IpSetMember(address.ToPrefix(), protocol, port));
}
