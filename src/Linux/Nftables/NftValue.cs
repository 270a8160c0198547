using System.Buffers.Binary;
using System.Text;

namespace Margay.Linux.Nftables;

/// <summary>
/// Up to 64 bytes of a register: the operand of a comparison, a key, a datum. Compared by content. The bytes are as in a packet:
/// network order for addresses and ports, host order for marks and connection states.
/// </summary>
public readonly struct NftValue : IEquatable<NftValue>
{
    private readonly byte[]? _bytes;

    /// <summary>Wraps bytes that nobody changes afterwards.</summary>
    public NftValue(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Number of bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>True for no bytes at all.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>One byte.</summary>
    public static NftValue U8(byte value) => new([value]);

    /// <summary>16 bits in network order.</summary>
    public static NftValue U16(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return new NftValue(bytes);
    }

    /// <summary>32 bits in host order: marks, states, interface indexes.</summary>
    public static NftValue HostU32(uint value) => new(BitConverter.GetBytes(value));

    /// <summary>Text without padding: a prefix of an interface name.</summary>
    public static NftValue NamePrefix(string text) => new(Encoding.ASCII.GetBytes(text));

    /// <summary>An interface name as the kernel compares it: 16 bytes, padded with NUL.</summary>
    public static NftValue InterfaceName(string name)
    {
        byte[] bytes = new byte[16];
        if (Encoding.ASCII.GetByteCount(name) > 15) throw new ArgumentException($"'{name}' is longer than the 15 bytes of an interface name.", nameof(name));
        Encoding.ASCII.GetBytes(name, bytes);
        return new NftValue(bytes);
    }

    /// <summary>Fields of a concatenation, each padded to 4 bytes.</summary>
    public static NftValue Concat(params ReadOnlySpan<NftValue> fields)
    {
        int length = 0;
        foreach (var field in fields) length += (field.Length + 3) & ~3;
        byte[] bytes = new byte[length];
        int at = 0;
        foreach (var field in fields)
        {
            field.Bytes.CopyTo(bytes.AsSpan(at));
            at += (field.Length + 3) & ~3;
        }
        return new NftValue(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(NftValue other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NftValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>By content.</summary>
    public static bool operator ==(NftValue left, NftValue right) => left.Equals(right);

    /// <summary>By content.</summary>
    public static bool operator !=(NftValue left, NftValue right) => !left.Equals(right);

    /// <summary>Hexadecimal.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(Bytes);
}
