using System.Buffers.Binary;
using System.Text;

namespace Margay.Testbed.Dns.Wire;

/// <summary>A query with one question (RFC 1035 4.1).</summary>
/// <param name="Id">The client's number for it.</param>
/// <param name="Name">The name in lower case, without the last dot.</param>
/// <param name="Type">What is asked for.</param>
/// <param name="RecursionDesired">Whether the client wants recursion; the answer repeats it.</param>
/// <param name="Question">The question as it was sent, to be repeated.</param>
/// <param name="DatagramSize">How large an answer over UDP may be; null when the client says nothing (RFC 6891), then 512.</param>
internal sealed record DnsRequest(
    ushort Id, string Name, RecordType Type, bool RecursionDesired, byte[] Question, ushort? DatagramSize)
{
    public const int HeaderLength = 12;

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="request">The query; null when the message is none.</param>
    /// <param name="refusal">Why a message that has a header is not answered with records.</param>
    /// <returns>Whether there is anybody to answer to: false for what is too short or is an answer itself.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsRequest? request, out ResponseCode refusal)
    {
        (request, refusal) = (null, ResponseCode.FormatError);
        if (message.Length < HeaderLength || (message[2] & 0x80) != 0)
            return false;
        if ((message[2] & 0x78) != 0)
            refusal = ResponseCode.NotImplemented;
        else if (Count(message, 4) == 1 && TryReadName(message[HeaderLength..], out string name, out int length)
            && message.Length >= HeaderLength + length + 4)
            request = Read(message, name, HeaderLength + length + 4);
        return true;
    }

    private static DnsRequest Read(ReadOnlySpan<byte> message, string name, int end) =>
        new(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            name,
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[(end - 4)..]),
            (message[2] & 1) != 0,
            message[HeaderLength..end].ToArray(),
            DatagramSizeOf(message, end));

    // A query has nothing between its question and the OPT record but, with signatures, records after it.
    private static ushort? DatagramSizeOf(ReadOnlySpan<byte> message, int end) =>
        Count(message, 6) == 0 && Count(message, 8) == 0 && Count(message, 10) > 0 && message.Length >= end + 11
            && message[end] == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[(end + 1)..]) == (ushort)RecordType.Opt
            ? Math.Max((ushort)512, BinaryPrimitives.ReadUInt16BigEndian(message[(end + 3)..]))
            : null;

    private static int Count(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    // No question is compressed: there is nothing before it to point to.
    private static bool TryReadName(ReadOnlySpan<byte> bytes, out string name, out int length)
    {
        var text = new StringBuilder();
        (name, length) = ("", 0);
        while (length < bytes.Length && length < 255)
        {
            int label = bytes[length++];
            if (label == 0)
            {
                name = text.ToString().ToLowerInvariant();
                return true;
            }
            if (label > 63 || length + label > bytes.Length)
                return false;
            if (text.Length > 0)
                text.Append('.');
            text.Append(Encoding.Latin1.GetString(bytes.Slice(length, label)));
            length += label;
        }
        return false;
    }
}
