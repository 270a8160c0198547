using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Margay.Testbed.Dns.Wire;

/// <summary>Writes answers (RFC 1035 4.1).</summary>
internal static class DnsResponse
{
    /// <summary>How long a client may keep an answer, in seconds.</summary>
    public const uint TimeToLive = 5;

    private const string Zone = "cluster.local";
    private const byte Truncated = 2;

    /// <summary>The answer to a query.</summary>
    /// <param name="request">The query.</param>
    /// <param name="answer">What is known.</param>
    /// <param name="limit">The largest answer in bytes; one that would be larger says that it is cut, and has no records.</param>
    public static byte[] Write(DnsRequest request, DnsAnswer answer, int limit)
    {
        byte[] whole = Write(request, answer, flags: 0, limit: null);
        return whole.Length <= limit ? whole : Write(request, DnsAnswer.Nothing, Truncated, limit);
    }

    /// <summary>An answer to a message that cannot be understood: its header with a code.</summary>
    public static byte[] Refuse(ReadOnlySpan<byte> message, ResponseCode code) =>
        [message[0], message[1], (byte)(0x80 | (message[2] & 0x79)), (byte)code, 0, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Write(DnsRequest request, DnsAnswer answer, byte flags, int? limit)
    {
        var output = new ArrayBufferWriter<byte>(512);
        bool negative = answer.Records.Count == 0 && limit is null;
        output.Number(request.Id);
        output.Bytes((byte)(0x84 | flags | (request.RecursionDesired ? 1 : 0)), (byte)answer.Code);
        output.Number(1);
        output.Number(answer.Records.Count);
        output.Number(negative ? 1 : 0);
        output.Number(request.DatagramSize is null ? 0 : 1);
        output.Write(request.Question);
        foreach (var record in answer.Records)
            output.Record(record, request.Name);
        if (negative)
            output.Authority();
        if (request.DatagramSize is not null)
            output.Bytes(0, 0, (byte)RecordType.Opt, 0x10, 0, 0, 0, 0, 0, 0, 0); // we take 4096 bytes, and no options
        return output.WrittenSpan.ToArray();
    }

    private static void Record(this ArrayBufferWriter<byte> output, DnsRecord record, string asked)
    {
        // The name is nearly always the one in the question: a pointer to it, right behind the header.
        if (record.Name == asked) output.Bytes(0xC0, DnsRequest.HeaderLength);
        else output.Name(record.Name);
        var (type, data) = DataOf(record);
        output.Number((ushort)type);
        output.Number(1);
        output.Number32(TimeToLive);
        output.Number(data.WrittenCount);
        output.Write(data.WrittenSpan);
    }

    private static (RecordType Type, ArrayBufferWriter<byte> Data) DataOf(DnsRecord record)
    {
        var data = new ArrayBufferWriter<byte>(64);
        switch (record)
        {
            case AddressRecord { Address: var address }:
                data.Write(address.GetAddressBytes());
                return (address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa, data);
            case AliasRecord alias:
                data.Name(alias.Target);
                return (RecordType.Cname, data);
            case PointerRecord pointer:
                data.Name(pointer.Target);
                return (RecordType.Ptr, data);
            case PortRecord port:
                data.Number(0); // priority
                data.Number(100); // weight
                data.Number(port.Port);
                data.Name(port.Target);
                return (RecordType.Srv, data);
            case TextRecord text:
                data.Bytes((byte)text.Text.Length);
                data.Write(Encoding.ASCII.GetBytes(text.Text));
                return (RecordType.Txt, data);
            default:
                throw new ArgumentException($"a record of the type {record.GetType().Name} cannot be written", nameof(record));
        }
    }

    // Says how long "there is nothing" holds (RFC 2308).
    private static void Authority(this ArrayBufferWriter<byte> output)
    {
        var data = new ArrayBufferWriter<byte>(64);
        data.Name("ns.dns." + Zone);
        data.Name("hostmaster." + Zone);
        foreach (uint value in (ReadOnlySpan<uint>)[1, 7200, 1800, 86400, TimeToLive])
            data.Number32(value);
        output.Name(Zone);
        output.Number((ushort)RecordType.Soa);
        output.Number(1);
        output.Number32(TimeToLive);
        output.Number(data.WrittenCount);
        output.Write(data.WrittenSpan);
    }

    private static void Name(this ArrayBufferWriter<byte> output, string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            output.Bytes((byte)label.Length);
            output.Write(Encoding.Latin1.GetBytes(label));
        }
        output.Bytes(0);
    }

    private static void Bytes(this ArrayBufferWriter<byte> output, params ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static void Number(this ArrayBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), (ushort)value);
        output.Advance(2);
    }

    private static void Number32(this ArrayBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }
}
