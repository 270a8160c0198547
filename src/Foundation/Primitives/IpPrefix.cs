using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Margay.Foundation.Primitives;

/// <summary>A CIDR prefix as a fixed-size value. The host bits of <see cref="Address"/> are always zero.</summary>
public readonly record struct IpPrefix : IComparable<IpPrefix>
{
    /// <summary>Makes a prefix; host bits are cleared.</summary>
    /// <param name="address">Any address inside.</param>
    /// <param name="length">0 to 32 for IPv4, 0 to 128 for IPv6.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is too large for the family.</exception>
    public IpPrefix(IpAddr address, byte length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Bits);
        Address = IpAddr.FromValue(address.Value & Mask(address.Family, length), address.Family);
        Length = length;
    }

    /// <summary>The first address.</summary>
    public IpAddr Address { get; }

    /// <summary>The number of leading bits that count.</summary>
    public byte Length { get; }

    /// <summary>The address family.</summary>
    public IpFamily Family => Address.Family;

    /// <summary>True for /32 and /128.</summary>
    public bool IsSingleAddress => Length == Address.Bits;

    /// <summary>The last address.</summary>
    public IpAddr Last => IpAddr.FromValue(Address.Value | (~Mask(Family, Length) & FamilyMask(Family)), Family);

    /// <summary>Parses "address/length", or a bare address as a single-address prefix. Host bits are cleared.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        prefix = default;
        if (text is null) return false;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddr.TryParse(slash < 0 ? text : text[..slash], out var address)) return false;
        int length = address.Bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
                           || length > address.Bits)) return false;
        prefix = new IpPrefix(address, (byte)length);
        return true;
    }

    /// <summary>Parses "address/length", or a bare address.</summary>
    /// <exception cref="FormatException">The text is no prefix.</exception>
    public static IpPrefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not a CIDR prefix.");

    /// <summary>True when the address is of the same family and inside.</summary>
    public bool Contains(IpAddr address) =>
        address.Family == Family && ((address.Value ^ Address.Value) & Mask(Family, Length)) == UInt128.Zero;

    /// <summary>True when every address of the other prefix is inside this one.</summary>
    public bool Contains(IpPrefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>IPv4 before IPv6, then by address, then shorter first.</summary>
    public int CompareTo(IpPrefix other)
    {
        int byAddress = Address.CompareTo(other.Address);
        return byAddress != 0 ? byAddress : Length.CompareTo(other.Length);
    }

    /// <summary>"address/length".</summary>
    public override string ToString() => Family == IpFamily.None ? "" : $"{Address}/{Length}";

    private static UInt128 FamilyMask(IpFamily family) => family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue;

    private static UInt128 Mask(IpFamily family, int length)
    {
        int bits = family == IpFamily.V4 ? 32 : 128;
        if (length == 0) return UInt128.Zero;
        return (UInt128.MaxValue << (bits - length)) & FamilyMask(family);
    }
}
