using System.Collections.Immutable;

namespace Margay.Linux.Nftables;

/// <summary>The type of one field of a key, with the nft program's number for it (<c>include/datatype.h</c> of nftables).</summary>
/// <param name="Name">As nft writes it.</param>
/// <param name="Id">At most 6 bits.</param>
/// <param name="Length">In bytes.</param>
/// <param name="HostOrder">In host order; else in network order.</param>
public sealed record NftType(string Name, uint Id, int Length, bool HostOrder = false)
{
    /// <summary>An IPv4 address.</summary>
    public static NftType Ipv4Address { get; } = new("ipv4_addr", 7, 4);

    /// <summary>An IPv6 address.</summary>
    public static NftType Ipv6Address { get; } = new("ipv6_addr", 8, 16);

    /// <summary>A transport protocol.</summary>
    public static NftType InetProtocol { get; } = new("inet_proto", 12, 1);

    /// <summary>A port.</summary>
    public static NftType InetService { get; } = new("inet_service", 13, 2);

    /// <summary>An interface name.</summary>
    public static NftType InterfaceName { get; } = new("ifname", 41, 16, true);

    /// <summary>An ICMPv6 type.</summary>
    public static NftType Icmpv6Type { get; } = new("icmpv6_type", 29, 1);

    internal static NftType? Find(uint id) => id switch
    {
        7 => Ipv4Address,
        8 => Ipv6Address,
        12 => InetProtocol,
        13 => InetService,
        29 => Icmpv6Type,
        41 => InterfaceName,
        _ => null,
    };
}

/// <summary>A set or verdict map, without its elements.</summary>
public sealed record NftSet
{
    /// <summary>Makes a set.</summary>
    /// <param name="name">At most 255 bytes.</param>
    /// <param name="key">The fields of its key.</param>
    public NftSet(string name, params ImmutableArray<NftType> key)
    {
        Name = name;
        Key = key;
    }

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>The fields of its key; several make a concatenation.</summary>
    public ImmutableArray<NftType> Key { get; }

    /// <summary>Elements are ranges, with an inclusive end, that must not overlap.</summary>
    public bool Interval { get; init; }

    /// <summary>Each element carries a verdict.</summary>
    public bool VerdictMap { get; init; }

    /// <summary>For people; null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>True for a key of several fields.</summary>
    public bool IsConcat => Key.Length > 1;

    /// <summary>The number of bytes of a key: fields of concatenations are padded to 4.</summary>
    public int KeyLength => IsConcat ? Key.Sum(static part => (part.Length + 3) & ~3) : Key[0].Length;

    /// <inheritdoc/>
    public bool Equals(NftSet? other) =>
        other is not null && Name == other.Name && Interval == other.Interval && VerdictMap == other.VerdictMap
        && Comment == other.Comment && Key.AsSpan().SequenceEqual(other.Key.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Interval, VerdictMap, Key.Length);

    /// <summary>As nft writes it.</summary>
    public override string ToString() =>
        $"{Name} {{ type {string.Join(" . ", Key.Select(static part => part.Name))}{(VerdictMap ? " : verdict" : "")};"
        + (Interval ? " flags interval;" : "") + (Comment is null ? "" : $" comment \"{Comment}\";") + " }";
}
