using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>
/// The name of an IP set. It is derived from what the set means (the canonical text of its selector, its named port,
/// its service), so that the same meaning has the same id on every node and after every restart.
/// </summary>
public readonly record struct IpSetId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What the members of an IP set are.</summary>
public enum IpSetKind
{
    /// <summary>Prefixes of both families. Members may contain one another.</summary>
    Net,

    /// <summary>Single addresses of both families, each with an IP protocol and a port (named ports, services).</summary>
    AddressAndPort,
}

/// <summary>A member of an IP set.</summary>
/// <param name="Prefix">The addresses; a single address in an <see cref="IpSetKind.AddressAndPort"/> set.</param>
/// <param name="Protocol">The IP protocol number; 0 in a <see cref="IpSetKind.Net"/> set.</param>
/// <param name="Port">The port, 1 to 65535; 0 in a <see cref="IpSetKind.Net"/> set.</param>
public readonly record struct IpSetMember(IpPrefix Prefix, byte Protocol = 0, ushort Port = 0) : IComparable<IpSetMember>
{
    /// <summary>By prefix, then protocol, then port.</summary>
    public int CompareTo(IpSetMember other)
    {
        int order = Prefix.CompareTo(other.Prefix);
        if (order == 0) order = Protocol.CompareTo(other.Protocol);
        return order == 0 ? Port.CompareTo(other.Port) : order;
    }

    /// <inheritdoc/>
    public override string ToString() => Protocol == 0 ? Prefix.ToString() : $"{Prefix.Address},{Protocol}:{Port}";
}

/// <summary>The whole content of an IP set; replaces what was there.</summary>
/// <param name="Id">The set.</param>
/// <param name="Kind">What its members are; never changes for an id.</param>
/// <param name="Members">Distinct members, sorted.</param>
public sealed record IpSetUpdate(IpSetId Id, IpSetKind Kind, ImmutableArray<IpSetMember> Members) : DataplaneUpdate
{
    /// <summary>By content, members included.</summary>
    public bool Equals(IpSetUpdate? other) =>
        other is not null && Id == other.Id && Kind == other.Kind && Content.Same(Members, other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Kind, Content.Hash(Members));
}

/// <summary>A change to an IP set that was sent before.</summary>
/// <param name="Id">The set.</param>
/// <param name="Added">Members that were not in it; sorted.</param>
/// <param name="Removed">Members that were in it; sorted.</param>
public sealed record IpSetDelta(IpSetId Id, ImmutableArray<IpSetMember> Added, ImmutableArray<IpSetMember> Removed) : DataplaneUpdate
{
    /// <summary>By content, members included.</summary>
    public bool Equals(IpSetDelta? other) =>
        other is not null && Id == other.Id && Content.Same(Added, other.Added) && Content.Same(Removed, other.Removed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Content.Hash(Added), Content.Hash(Removed));
}

/// <summary>Nothing refers to the set any more.</summary>
public sealed record IpSetRemove(IpSetId Id) : DataplaneUpdate;
