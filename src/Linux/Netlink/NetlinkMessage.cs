using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Margay.Linux.Netlink;

/// <summary>One message of a datagram; valid as long as the buffer it was read from.</summary>
public readonly ref struct NetlinkMessage
{
    internal NetlinkMessage(ushort type, ushort flags, uint sequence, uint port, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Flags = flags;
        Sequence = sequence;
        Port = port;
        Payload = payload;
    }

    /// <summary>The type; its meaning depends on the protocol.</summary>
    public ushort Type { get; }

    /// <summary><c>NLM_F_*</c>.</summary>
    public ushort Flags { get; }

    /// <summary>The number of the request that this answers; 0 for notifications.</summary>
    public uint Sequence { get; }

    /// <summary>
    /// Of a notification: the port of the socket whose request it tells about (<see cref="NetlinkSocket.Port"/>), where the kernel
    /// says so, as for routes and nf_tables; 0: the kernel's own doing.
    /// </summary>
    public uint Port { get; }

    /// <summary>What follows the header: a family header, then attributes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the family's own header from the start of the payload.</summary>
    /// <exception cref="MalformedNetlinkException">The payload is too short.</exception>
    public T Header<T>() where T : unmanaged =>
        Payload.Length >= Unsafe.SizeOf<T>()
            ? MemoryMarshal.Read<T>(Payload)
            : throw new MalformedNetlinkException($"Message type {Type} has {Payload.Length} bytes where {typeof(T).Name} needs {Unsafe.SizeOf<T>()}.");

    /// <summary>The attributes behind a family header of the given type.</summary>
    /// <exception cref="MalformedNetlinkException">The payload is too short.</exception>
    public NetlinkAttributes Attributes<T>() where T : unmanaged
    {
        int start = NetlinkProtocol.Align(Unsafe.SizeOf<T>());
        if (Payload.Length < Unsafe.SizeOf<T>())
            throw new MalformedNetlinkException($"Message type {Type} has {Payload.Length} bytes where {typeof(T).Name} needs {Unsafe.SizeOf<T>()}.");
        return new NetlinkAttributes(start >= Payload.Length ? default : Payload[start..]);
    }
}
