using System.Runtime.InteropServices;

namespace Margay.Linux.Netlink;

/// <summary>The content of an <see cref="NetlinkProtocol.NLMSG_ERROR"/> message.</summary>
/// <param name="Sequence">The number of the request.</param>
/// <param name="Errno">0 for success, else the positive error number.</param>
/// <param name="Detail">The kernel's words, or null.</param>
internal readonly record struct NetlinkAck(uint Sequence, int Errno, string? Detail)
{
    /// <summary>Reads <c>struct nlmsgerr</c> and the extended acknowledgement behind it.</summary>
    internal static NetlinkAck Read(in NetlinkMessage message)
    {
        var payload = message.Payload;
        if (payload.Length < 4) throw new MalformedNetlinkException("An acknowledgement without an error number.");
        int errno = -MemoryMarshal.Read<int>(payload);
        return new NetlinkAck(message.Sequence, errno, ReadDetail(message.Flags, payload[4..]));
    }

    // NLMSG_DONE carries the number and the attributes without the echoed header.
    internal static NetlinkAck ReadDone(in NetlinkMessage message)
    {
        var payload = message.Payload;
        int errno = payload.Length >= 4 ? -MemoryMarshal.Read<int>(payload) : 0;
        bool withText = errno > 0 && (message.Flags & NetlinkProtocol.NLM_F_ACK_TLVS) != 0;
        return new NetlinkAck(message.Sequence, Math.Max(errno, 0), withText ? ReadText(payload[4..]) : null);
    }

    private static string? ReadDetail(ushort flags, ReadOnlySpan<byte> echoed)
    {
        if ((flags & NetlinkProtocol.NLM_F_ACK_TLVS) == 0 || echoed.Length < NetlinkProtocol.MessageHeaderSize) return null;
        bool capped = (flags & NetlinkProtocol.NLM_F_CAPPED) != 0;
        uint length = capped ? NetlinkProtocol.MessageHeaderSize : MemoryMarshal.Read<uint>(echoed);
        if (length > echoed.Length) throw new MalformedNetlinkException($"An acknowledgement echoes {length} bytes of {echoed.Length}.");
        return ReadText(echoed[Math.Min(NetlinkProtocol.Align((int)length), echoed.Length)..]);
    }

    private static string? ReadText(ReadOnlySpan<byte> buffer)
    {
        var attributes = new NetlinkAttributes(buffer);
        string? text = null;
        while (attributes.TryNext(out var attribute))
        {
            if (attribute.Type == NetlinkProtocol.NLMSGERR_ATTR_MSG) text = attribute.Text;
        }
        return text;
    }
}
