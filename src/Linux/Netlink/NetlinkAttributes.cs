using System.Runtime.InteropServices;

namespace Margay.Linux.Netlink;

/// <summary>Walks attributes without copying.</summary>
public ref struct NetlinkAttributes
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first attribute.</summary>
    public NetlinkAttributes(ReadOnlySpan<byte> buffer) => _rest = buffer;

    /// <summary>Reads the next attribute; false at the end.</summary>
    /// <exception cref="MalformedNetlinkException">A length does not fit.</exception>
    public bool TryNext(out NetlinkAttribute attribute)
    {
        attribute = default;
        if (_rest.Length < NetlinkProtocol.AttributeHeaderSize) return false;
        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < NetlinkProtocol.AttributeHeaderSize || length > _rest.Length)
            throw new MalformedNetlinkException($"An attribute claims {length} bytes of the {_rest.Length} that are there.");
        ushort type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & NetlinkProtocol.NLA_TYPE_MASK);
        attribute = new NetlinkAttribute(type, _rest[NetlinkProtocol.AttributeHeaderSize..length]);
        _rest = _rest[Math.Min(NetlinkProtocol.Align(length), _rest.Length)..];
        return true;
    }
}
