using System.Runtime.InteropServices;

namespace Margay.Linux.Netlink;

/// <summary>Walks the messages of a datagram without copying.</summary>
public ref struct NetlinkMessages
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first message.</summary>
    public NetlinkMessages(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>Reads the next message; false at the end.</summary>
    /// <exception cref="MalformedNetlinkException">A length does not fit.</exception>
    public bool TryNext(out NetlinkMessage message)
    {
        message = default;
        if (_rest.Length < NetlinkProtocol.MessageHeaderSize) return false;
        uint length = MemoryMarshal.Read<uint>(_rest);
        if (length < NetlinkProtocol.MessageHeaderSize || length > _rest.Length)
            throw new MalformedNetlinkException($"A message claims {length} bytes of the {_rest.Length} that are there.");
        message = new NetlinkMessage(
            MemoryMarshal.Read<ushort>(_rest[4..]),
            MemoryMarshal.Read<ushort>(_rest[6..]),
            MemoryMarshal.Read<uint>(_rest[8..]),
            MemoryMarshal.Read<uint>(_rest[12..]),
            _rest[NetlinkProtocol.MessageHeaderSize..(int)length]);
        _rest = _rest[Math.Min(NetlinkProtocol.Align((int)length), _rest.Length)..];
        return true;
    }
}
