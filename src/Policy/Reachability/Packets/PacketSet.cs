using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Packets;

/// <summary>
/// A set of packets of one family, as far as they differ above the addresses: protocol, ports, ICMP type and code. Exact, and
/// in one normal form, so that equal sets are equal values. Protocols with ports have a plane of source and destination
/// ports, the family's ICMP a plane of types and codes; every other protocol number is in or out.
/// </summary>
public sealed class PacketSet : IEquatable<PacketSet>
{
    /// <summary>The protocols that have ports, in the order of the planes.</summary>
    internal static ReadOnlySpan<byte> PortProtocols => [6, 17, 132, 136];

    internal const int IcmpPlane = 4;
    private const int PlaneCount = 5;

    private readonly Plane[] _planes;
    private readonly UInt128 _low;
    private readonly UInt128 _high;
    private readonly int _hash;

    private PacketSet(IpFamily family, Plane[] planes, UInt128 low, UInt128 high)
    {
        Family = family;
        _planes = planes;
        (_low, _high) = (low, high);
        var hash = new HashCode();
        hash.Add(family);
        foreach (var plane in planes) hash.Add(plane);
        hash.Add(low);
        hash.Add(high);
        _hash = hash.ToHashCode();
    }

    /// <summary>The family of the packets.</summary>
    public IpFamily Family { get; }

    /// <summary>True when there is no packet.</summary>
    public bool IsEmpty =>
        _low == 0 && _high == 0 && _planes[0].IsEmpty && _planes[1].IsEmpty && _planes[2].IsEmpty && _planes[3].IsEmpty && _planes[4].IsEmpty;

    /// <summary>True when every packet of the family is in the set.</summary>
    public bool IsAll => Equals(All(Family));

    /// <summary>No packet of a family.</summary>
    public static PacketSet Empty(IpFamily family) => family == IpFamily.V4 ? EmptyV4 : EmptyV6;

    /// <summary>Every packet of a family.</summary>
    public static PacketSet All(IpFamily family) => family == IpFamily.V4 ? AllV4 : AllV6;

    /// <summary>The number of the family's ICMP.</summary>
    public static byte IcmpOf(IpFamily family) => family == IpFamily.V4 ? (byte)1 : (byte)58;

    private static readonly PacketSet EmptyV4 = Nothing(IpFamily.V4);
    private static readonly PacketSet EmptyV6 = Nothing(IpFamily.V6);
    private static readonly PacketSet AllV4 = Everything(IpFamily.V4);
    private static readonly PacketSet AllV6 = Everything(IpFamily.V6);

    /// <summary>Every packet of a protocol.</summary>
    public static PacketSet OfProtocol(IpFamily family, byte protocol)
    {
        int plane = PlaneOf(family, protocol);
        if (plane < 0) return new(family, Empty(family)._planes, protocol < 128 ? Bit(protocol) : 0, protocol < 128 ? 0 : Bit(protocol));
        return OfPlane(family, plane, plane == IcmpPlane ? Plane.AllMessages : Plane.AllPorts);
    }

    /// <summary>Packets of a protocol that has ports.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The protocol has no ports.</exception>
    public static PacketSet OfPorts(IpFamily family, byte protocol, Ranges source, Ranges destination)
    {
        int plane = PortProtocols.IndexOf(protocol);
        ArgumentOutOfRangeException.ThrowIfNegative(plane, nameof(protocol));
        return OfPlane(family, plane, Plane.Of(source, destination));
    }

    /// <summary>Packets of any protocol that has ports.</summary>
    public static PacketSet OfPorts(IpFamily family, Ranges source, Ranges destination)
    {
        var plane = Plane.Of(source, destination);
        return new(family, [plane, plane, plane, plane, Plane.Empty], 0, 0);
    }

    /// <summary>Messages of the family's ICMP.</summary>
    public static PacketSet OfMessages(IpFamily family, Ranges types, Ranges codes) => OfPlane(family, IcmpPlane, Plane.Of(types, codes));

    /// <summary>What is in both.</summary>
    public PacketSet And(PacketSet other) => Combine(other, SetOperation.And);

    /// <summary>What is in either.</summary>
    public PacketSet Or(PacketSet other) => Combine(other, SetOperation.Or);

    /// <summary>What is here and not there.</summary>
    public PacketSet Except(PacketSet other) => Combine(other, SetOperation.Except);

    /// <summary>True when the packet, of this family, is in the set.</summary>
    public bool Contains(in Packet packet)
    {
        int plane = PlaneOf(Family, packet.Protocol);
        if (plane == IcmpPlane) return _planes[plane].Contains(packet.IcmpType, packet.IcmpCode);
        return plane >= 0 ? _planes[plane].Contains(packet.SourcePort, packet.DestinationPort) : HasOther(packet.Protocol);
    }

    /// <summary>The plane of a protocol with ports, or of ICMP.</summary>
    internal Plane PlaneAt(int index) => _planes[index];

    /// <summary>Whether a protocol that has no plane is in the set.</summary>
    internal bool HasOther(byte protocol) => ((protocol < 128 ? _low : _high) & Bit(protocol)) != 0;

    /// <summary>The plane of a protocol, or -1.</summary>
    internal static int PlaneOf(IpFamily family, byte protocol) => protocol == IcmpOf(family) ? IcmpPlane : PortProtocols.IndexOf(protocol);

    /// <inheritdoc/>
    public bool Equals(PacketSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Family == other.Family && _low == other._low && _high == other._high
            && _planes.AsSpan().SequenceEqual(other._planes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PacketSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>For people, for example <c>TCP 80,443; UDP 53</c>.</summary>
    public override string ToString() => PacketSetText.Describe(this);

    private PacketSet Combine(PacketSet other, SetOperation operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Shortcut(other, operation) is { } known) return known;
        var planes = new Plane[PlaneCount];
        bool isEmpty = true;
        for (int i = 0; i < PlaneCount; i++)
        {
            planes[i] = Plane.Combine(_planes[i], other._planes[i], operation);
            isEmpty &= planes[i].IsEmpty;
        }
        UInt128 low = Combine(_low, other._low, operation), high = Combine(_high, other._high, operation);
        return isEmpty && low == 0 && high == 0 ? Empty(Family) : new(Family, planes, low, high);
    }

    /// <summary>Everything and nothing are one object each, and most sets that rules ask about are one of the two.</summary>
    private PacketSet? Shortcut(PacketSet other, SetOperation operation)
    {
        if (ReferenceEquals(this, other)) return operation == SetOperation.Except ? Empty(Family) : this;
        var (all, none) = Family == IpFamily.V4 ? (AllV4, EmptyV4) : (AllV6, EmptyV6);
        return operation switch
        {
            SetOperation.And when ReferenceEquals(other, all) || ReferenceEquals(this, none) => this,
            SetOperation.And when ReferenceEquals(this, all) || ReferenceEquals(other, none) => other,
            SetOperation.Or when ReferenceEquals(other, none) || ReferenceEquals(this, all) => this,
            SetOperation.Or when ReferenceEquals(this, none) || ReferenceEquals(other, all) => other,
            SetOperation.Except when ReferenceEquals(other, none) || ReferenceEquals(this, none) => this,
            SetOperation.Except when ReferenceEquals(other, all) => none,
            _ => null,
        };
    }

    private static UInt128 Combine(UInt128 left, UInt128 right, SetOperation operation) => operation switch
    {
        SetOperation.And => left & right,
        SetOperation.Or => left | right,
        _ => left & ~right,
    };

    private static UInt128 Bit(byte protocol) => UInt128.One << (protocol & 127);

    private static PacketSet OfPlane(IpFamily family, int index, Plane plane)
    {
        Plane[] planes = [Plane.Empty, Plane.Empty, Plane.Empty, Plane.Empty, Plane.Empty];
        planes[index] = plane;
        return new(family, planes, 0, 0);
    }

    private static PacketSet Nothing(IpFamily family) => new(family, [Plane.Empty, Plane.Empty, Plane.Empty, Plane.Empty, Plane.Empty], 0, 0);

    private static PacketSet Everything(IpFamily family)
    {
        UInt128 low = UInt128.MaxValue, high = UInt128.MaxValue;
        for (int protocol = 0; protocol < 256; protocol++)
        {
            if (PlaneOf(family, (byte)protocol) < 0) continue;
            if (protocol < 128) low &= ~Bit((byte)protocol);
            else high &= ~Bit((byte)protocol);
        }
        return new(family, [Plane.AllPorts, Plane.AllPorts, Plane.AllPorts, Plane.AllPorts, Plane.AllMessages], low, high);
    }
}
