using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Linux.Netlink;

/// <summary>One attribute; valid as long as the buffer it was read from. Every accessor checks the length.</summary>
public readonly ref struct NetlinkAttribute
{
    internal NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The type without its flag bits.</summary>
    public ushort Type { get; }

    /// <summary>The value's bytes without padding.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The value as one byte.</summary>
    public byte U8 => Exactly(1)[0];

    /// <summary>The value as 16 bits in host order.</summary>
    public ushort U16 => MemoryMarshal.Read<ushort>(Exactly(2));

    /// <summary>The value as 16 bits in network order.</summary>
    public ushort U16Be => BinaryPrimitives.ReadUInt16BigEndian(Exactly(2));

    /// <summary>The value as 32 bits in host order.</summary>
    public uint U32 => MemoryMarshal.Read<uint>(Exactly(4));

    /// <summary>The value as 32 bits in network order.</summary>
    public uint U32Be => BinaryPrimitives.ReadUInt32BigEndian(Exactly(4));

    /// <summary>The value as 64 bits in host order.</summary>
    public ulong U64 => MemoryMarshal.Read<ulong>(Exactly(8));

    /// <summary>The value as 64 bits in network order.</summary>
    public ulong U64Be => BinaryPrimitives.ReadUInt64BigEndian(Exactly(8));

    /// <summary>The value as text up to its first NUL.</summary>
    public string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>The value as attributes.</summary>
    public NetlinkAttributes Nested => new(Value);

    private ReadOnlySpan<byte> Exactly(int length) =>
        Value.Length == length
            ? Value
            : throw new MalformedNetlinkException($"Attribute {Type} has {Value.Length} bytes instead of {length}.");
}
