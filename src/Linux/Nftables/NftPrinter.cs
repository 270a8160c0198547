using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace Margay.Linux.Nftables;

/// <summary>
/// Prints rules in nft's language. It follows registers: a load gives a register its words, a test writes them down.
/// What it prints is for people, logs and golden files; nothing reads it back.
/// </summary>
internal sealed class NftPrinter
{
    private readonly Dictionary<uint, string> _registers = [];
    private readonly List<string> _words = [];
    private byte _protocol;

    internal static string Print(ImmutableArray<NftExpression> expressions)
    {
        var printer = new NftPrinter();
        foreach (var expression in expressions) printer.Add(expression);
        return string.Join(' ', printer._words);
    }

    internal static string PrintKey(NftSet set, NftValue key)
    {
        var parts = new List<string>();
        int at = 0;
        foreach (var field in set.Key)
        {
            if (at + field.Length > key.Length) break;
            parts.Add(PrintField(field, key.Bytes.Slice(at, field.Length)));
            at += (field.Length + 3) & ~3;
        }
        return string.Join(" . ", parts);
    }

    private static string PrintField(NftType type, ReadOnlySpan<byte> bytes)
    {
        if (type == NftType.InterfaceName) return $"\"{Name(bytes)}\"";
        if (type == NftType.InetProtocol) return Protocol(bytes[0]);
        if (type == NftType.Icmpv6Type) return bytes[0].ToString(CultureInfo.InvariantCulture);
        return type == NftType.InetService ? BinaryPrimitives.ReadUInt16BigEndian(bytes).ToString(CultureInfo.InvariantCulture) : new IPAddress(bytes).ToString();
    }

    private void Add(NftExpression expression)
    {
        switch (expression)
        {
            case NftMeta meta: _registers[meta.Register] = Meta(meta.Key); break;
            case NftCt ct: _registers[ct.Register] = ct.Key == 0 ? "ct state" : $"ct key {ct.Key}"; break;
            case NftPayload payload: _registers[payload.Register] = Payload(payload); break;
            case NftBitwise bits: _registers[bits.Register] = Bits(bits); break;
            case NftMetaSet set: _words.Add($"{Meta(set.Key)} set {Register(set.Register)}"); break;
            case NftCmp cmp: Compare(cmp); break;
            case NftRange range: Range(range); break;
            case NftLookup lookup: Lookup(lookup); break;
            case NftImmediate immediate: _words.Add(immediate.Verdict.ToString()); break;
            case NftCounter: _words.Add("counter"); break;
            case NftLog log: _words.Add($"log prefix \"{log.Prefix}\" level {log.Level}"); break;
            case NftReject reject: _words.Add(reject.Type == 2 && reject.Code == 1 ? "reject" : $"reject with type {reject.Type} code {reject.Code}"); break;
            case NftMasquerade masq: _words.Add(masq.Flags == 0 ? "masquerade" : "masquerade fully-random"); break;
            default: _words.Add($"[{expression.Name}]"); break;
        }
    }

    private void Compare(NftCmp cmp)
    {
        string left = Register(cmp.Register);
        if (left == "meta l4proto" && cmp.Op == NftCmpOp.Equal) _protocol = cmp.Value.Bytes[0];
        if (left.StartsWith("ct state &", StringComparison.Ordinal) && cmp.Op == NftCmpOp.NotEqual)
        {
            _words.Add("ct state " + left["ct state & ".Length..]);
            return;
        }
        _words.Add($"{left} {(cmp.Op == NftCmpOp.Equal ? "" : "!= ")}{Operand(left, cmp.Value)}");
    }

    private void Range(NftRange range)
    {
        string left = Register(range.Register);
        _words.Add($"{left} {(range.Inside ? "" : "!= ")}{Operand(left, range.From)}-{Operand(left, range.To)}");
    }

    private void Lookup(NftLookup lookup)
    {
        // The key is every register loaded one after the other from the first; loads of one rule are contiguous by construction.
        string key = string.Join(" . ", _registers.Where(pair => pair.Key >= lookup.Register).OrderBy(static pair => pair.Key).Select(static pair => pair.Value));
        _registers.Clear();
        _words.Add(lookup.IsVerdictMap ? $"{key} vmap @{lookup.Set}" : $"{key} {(lookup.Inverted ? "!= " : "")}@{lookup.Set}");
    }

    private string Register(uint register) => _registers.Remove(register, out string? text) ? text : $"reg{register}";

    private string Bits(NftBitwise bits)
    {
        string left = Register(bits.Register);
        if (left == "ct state") return $"ct state & {States(BitConverter.ToUInt32(bits.Mask.Bytes))}";
        if (left == "meta mark")
            return $"meta mark & 0x{BitConverter.ToUInt32(bits.Mask.Bytes):x8} ^ 0x{BitConverter.ToUInt32(bits.Xor.Bytes):x8}";
        return $"{left} & {Operand(left, bits.Mask)}";
    }

    private static string States(uint mask) =>
        string.Join(',', Enum.GetValues<NftCtState>().Where(state => (mask & (uint)state) != 0).Select(static state => state.ToString().ToLowerInvariant()));

    private static string Meta(NftMetaKey key) => key switch
    {
        NftMetaKey.InputName => "iifname",
        NftMetaKey.OutputName => "oifname",
        NftMetaKey.InputIndex => "iif",
        NftMetaKey.OutputIndex => "oif",
        NftMetaKey.NfProto => "meta nfproto",
        NftMetaKey.L4Proto => "meta l4proto",
        _ => "meta mark",
    };

    private string Payload(NftPayload payload) => (payload.Base, payload.Offset, payload.Length) switch
    {
        (NftPayloadBase.Network, 12, 4) => "ip saddr",
        (NftPayloadBase.Network, 16, 4) => "ip daddr",
        (NftPayloadBase.Network, 8, 16) => "ip6 saddr",
        (NftPayloadBase.Network, 24, 16) => "ip6 daddr",
        (NftPayloadBase.Transport, 0, 1) => "icmp type",
        (NftPayloadBase.Transport, 0, 2) when _protocol is 1 or 58 => "icmp type . code",
        (NftPayloadBase.Transport, 0, 2) => "th sport",
        (NftPayloadBase.Transport, 2, 2) => "th dport",
        _ => $"@{payload.Base},{payload.Offset},{payload.Length}",
    };

    private static string Operand(string left, NftValue value)
    {
        var bytes = value.Bytes;
        if (left is "iifname" or "oifname") return bytes.Length == 16 ? $"\"{Name(bytes)}\"" : $"\"{Name(bytes)}*\"";
        if (left == "meta l4proto") return Protocol(bytes[0]);
        if (left == "meta nfproto") return bytes[0] == 2 ? "ipv4" : "ipv6";
        if (left.StartsWith("ip", StringComparison.Ordinal) && bytes.Length is 4 or 16) return new IPAddress(bytes).ToString();
        if (left is "th sport" or "th dport") return BinaryPrimitives.ReadUInt16BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
        if (left == "icmp type") return bytes[0].ToString(CultureInfo.InvariantCulture);
        if (left == "icmp type . code") return $"{bytes[0]} . {bytes[1]}";
        return left.StartsWith("meta mark", StringComparison.Ordinal) ? $"0x{BitConverter.ToUInt32(bytes):x8}" : value.ToString();
    }

    private static string Protocol(byte number) => number switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "ipv6-icmp",
        132 => "sctp",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string Name(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes.TrimEnd((byte)0));
}
