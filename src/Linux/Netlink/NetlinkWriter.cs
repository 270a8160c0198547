using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Linux.Netlink;

/// <summary>
/// Writes one or more netlink messages into one pooled buffer, patching lengths when a message or nest ends.
/// Not for several threads. <see cref="Clear"/> makes it ready for the next request without giving the buffer back.
/// </summary>
public sealed class NetlinkWriter : IDisposable
{
    private byte[] _buffer;
    private int _length;
    private int _message = -1;
    private int _last;

    /// <summary>Rents a buffer, which grows as needed.</summary>
    public NetlinkWriter(int capacity = 4096) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written so far.</summary>
    public int Length => _length;

    /// <summary>Messages written so far.</summary>
    public int Count { get; private set; }

    /// <summary>All messages.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Forgets everything written.</summary>
    public void Clear()
    {
        _length = 0;
        _message = -1;
        Count = 0;
    }

    /// <summary>Starts a message; <see cref="NetlinkProtocol.NLM_F_REQUEST"/> is added to the flags.</summary>
    public void BeginMessage(ushort type, ushort flags)
    {
        if (_message >= 0) throw new InvalidOperationException("The message before has not been ended.");
        _message = _length;
        var header = Reserve(NetlinkProtocol.MessageHeaderSize);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NetlinkProtocol.NLM_F_REQUEST));
        MemoryMarshal.Write(header[8..], (uint)Count);
    }

    /// <summary>Ends the message: its length becomes known.</summary>
    public void EndMessage()
    {
        MemoryMarshal.Write(_buffer.AsSpan(_message), (uint)(_length - _message));
        _last = _message;
        _message = -1;
        Count++;
    }

    /// <summary>Writes the family's own header, or any fixed part, padded to 4 bytes.</summary>
    public void Header<T>(in T value) where T : unmanaged => MemoryMarshal.Write(Reserve(Unsafe.SizeOf<T>()), in value);

    /// <summary>An attribute with these bytes.</summary>
    public void Attribute(ushort type, ReadOnlySpan<byte> value) => value.CopyTo(ReserveAttribute(type, value.Length));

    /// <summary>An attribute of one byte.</summary>
    public void U8(ushort type, byte value) => ReserveAttribute(type, 1)[0] = value;

    /// <summary>An attribute of 16 bits in host order.</summary>
    public void U16(ushort type, ushort value) => MemoryMarshal.Write(ReserveAttribute(type, 2), in value);

    /// <summary>An attribute of 16 bits in network order.</summary>
    public void U16Be(ushort type, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(ReserveAttribute(type, 2), value);

    /// <summary>An attribute of 32 bits in host order.</summary>
    public void U32(ushort type, uint value) => MemoryMarshal.Write(ReserveAttribute(type, 4), in value);

    /// <summary>An attribute of 32 bits in network order.</summary>
    public void U32Be(ushort type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(ReserveAttribute(type, 4), value);

    /// <summary>An attribute of 64 bits in network order.</summary>
    public void U64Be(ushort type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(ReserveAttribute(type, 8), value);

    /// <summary>An attribute of text, ended by NUL.</summary>
    public void Text(ushort type, string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Encoding.UTF8.GetBytes(value, ReserveAttribute(type, length + 1));
    }

    /// <summary>An attribute whose presence is its value.</summary>
    public void Flag(ushort type) => ReserveAttribute(type, 0);

    /// <summary>Starts an attribute that holds attributes; give the result to <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        int start = _length;
        ReserveAttribute((ushort)(type | NetlinkProtocol.NLA_F_NESTED), 0);
        return start;
    }

    /// <summary>Ends a nest.</summary>
    /// <exception cref="InvalidOperationException">The nest exceeds the 65,535 bytes that its length field can say.</exception>
    public void EndNested(int start)
    {
        int length = _length - start;
        if (length > ushort.MaxValue) throw new InvalidOperationException($"A nested attribute of {length} bytes is too long; split it.");
        MemoryMarshal.Write(_buffer.AsSpan(start), (ushort)length);
    }

    /// <summary>Room for an attribute's value, zeroed.</summary>
    public Span<byte> ReserveAttribute(ushort type, int length)
    {
        int total = NetlinkProtocol.AttributeHeaderSize + length;
        if (total > ushort.MaxValue) throw new ArgumentOutOfRangeException(nameof(length), length, "An attribute holds at most 65,531 bytes.");
        var room = Reserve(total);
        MemoryMarshal.Write(room, (ushort)total);
        MemoryMarshal.Write(room[2..], type);
        return room[NetlinkProtocol.AttributeHeaderSize..total];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Clear();
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Numbers the messages from <paramref name="first"/> on.</summary>
    internal void Number(uint first)
    {
        for (int at = 0; at < _length; at += NetlinkProtocol.Align((int)MemoryMarshal.Read<uint>(_buffer.AsSpan(at))))
            MemoryMarshal.Write(_buffer.AsSpan(at + 8), first++);
    }

    /// <summary>True when the last message asks for an acknowledgement.</summary>
    internal bool LastWantsAck =>
        Count > 0 && (MemoryMarshal.Read<ushort>(_buffer.AsSpan(_last + 6)) & NetlinkProtocol.NLM_F_ACK) != 0;

    private Span<byte> Reserve(int size)
    {
        int aligned = NetlinkProtocol.Align(size);
        if (_length + aligned > _buffer.Length) Grow(aligned);
        var room = _buffer.AsSpan(_length, aligned);
        room.Clear();
        _length += aligned;
        return room;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + needed, _buffer.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
