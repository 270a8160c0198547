using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Margay.Foundation.Primitives;

/// <summary>
/// An IPv4 or IPv6 address as a fixed-size value, usable as a key in sets of hundreds of thousands.
/// <see cref="IPAddress"/> is a heap object with a mutable scope and is kept at the edges.
/// </summary>
/// <param name="Hi">Bits 127 to 64; zero for IPv4.</param>
/// <param name="Lo">Bits 63 to 0; an IPv4 address stands in the lowest 32.</param>
/// <param name="Family">The address family.</param>
public readonly record struct IpAddr(ulong Hi, ulong Lo, IpFamily Family) : IComparable<IpAddr>
{
    /// <summary>Number of bits in an address of this family: 32 or 128.</summary>
    public int Bits => Family == IpFamily.V4 ? 32 : 128;

    /// <summary>Number of bytes in an address of this family: 4 or 16.</summary>
    public int ByteCount => Family == IpFamily.V4 ? 4 : 16;

    /// <summary>The address as one unsigned number.</summary>
    public UInt128 Value => new(Hi, Lo);

    /// <summary>An IPv4 address from its 32 bits in host order.</summary>
    public static IpAddr FromV4(uint address) => new(0, address, IpFamily.V4);

    /// <summary>An address of <paramref name="family"/> from its number.</summary>
    public static IpAddr FromValue(UInt128 value, IpFamily family) => new((ulong)(value >> 64), (ulong)value, family);

    /// <summary>Reads 4 bytes as IPv4 or 16 bytes as IPv6, both in network order.</summary>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public static IpAddr FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), IpFamily.V6),
        _ => throw new ArgumentException($"An address has 4 or 16 bytes, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>Converts from the framework's type. An IPv4-mapped IPv6 address stays IPv6.</summary>
    public static IpAddr From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>Parses the usual text forms. Refuses zones, brackets with or without port, and IPv4 in forms other than four decimal parts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddr address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAny('%', '[') || !IPAddress.TryParse(text, out var parsed))
            return false;
        // The framework also takes "1", "0x7f.1" and octal parts; the API does not.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != text) return false;
        address = From(parsed);
        return true;
    }

    /// <summary>Parses the usual text forms.</summary>
    /// <exception cref="FormatException">The text is no IP address.</exception>
    public static IpAddr Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>Writes the address in network order; the span needs <see cref="ByteCount"/> bytes.</summary>
    public void WriteBytes(Span<byte> destination)
    {
        if (Family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Lo);
            return;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, Hi);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Lo);
    }

    /// <summary>Converts to the framework's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteBytes(bytes);
        return new IPAddress(bytes[..ByteCount]);
    }

    /// <summary>The prefix that holds this address alone: /32 or /128.</summary>
    public IpPrefix ToPrefix() => new(this, (byte)Bits);

    /// <summary>IPv4 before IPv6, then by number.</summary>
    public int CompareTo(IpAddr other)
    {
        if (Family != other.Family) return ((byte)Family).CompareTo((byte)other.Family);
        return Hi != other.Hi ? Hi.CompareTo(other.Hi) : Lo.CompareTo(other.Lo);
    }

    /// <summary>The canonical text (RFC 5952 for IPv6).</summary>
    public override string ToString() => Family == IpFamily.None ? "" : ToIPAddress().ToString();
}
