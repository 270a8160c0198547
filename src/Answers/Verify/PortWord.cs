using System.Globalization;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Reachability.Packets;

namespace Margay.Answers.Verify;

/// <summary>
/// Protocol and ports in one word: <c>443</c> and <c>443/tcp</c>, <c>8000-8999/udp</c>, <c>tcp</c>, <c>icmp</c> (of both
/// families), <c>protocol/47</c>.
/// </summary>
/// <param name="Protocol">The IP protocol number; 1 stands for the ICMP of either family.</param>
/// <param name="Ports">The ports; null for all.</param>
public readonly record struct PortWord(byte Protocol, PortRange? Ports)
{
    /// <summary>What can be written, for messages.</summary>
    public const string Forms = "write 443, 443/tcp, 8000-8999/udp, tcp, udp, sctp, udplite, icmp or protocol/NUMBER";

    /// <summary>Reads a word.</summary>
    public static bool TryParse(string text, out PortWord word)
    {
        ArgumentNullException.ThrowIfNull(text);
        word = default;
        string[] parts = text.ToLowerInvariant().Split('/');
        if (parts is ["protocol", var number])
        {
            if (!byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out byte protocol)) return false;
            word = new PortWord(protocol, null);
            return true;
        }
        if (parts is [var name] && Number(name) is { } whole)
        {
            word = new PortWord(whole, null);
            return true;
        }
        if (parts is not ([_] or [_, _]) || !TryRange(parts[0], out var range)) return false;
        if (Number(parts is [_, var named] ? named : "tcp") is not { } withPorts || withPorts == 1) return false;
        word = new PortWord(withPorts, range);
        return true;
    }

    /// <summary>The packets of a family that the word means.</summary>
    public PacketSet In(IpFamily family)
    {
        if (Protocol == 1) return PacketSet.OfProtocol(family, PacketSet.IcmpOf(family));
        return Ports is { } range
            ? PacketSet.OfPorts(family, Protocol, Ranges.Of(0, ushort.MaxValue), Ranges.Of(range.First, range.Last))
            : PacketSet.OfProtocol(family, Protocol);
    }

    private static byte? Number(string name) => name switch
    {
        "tcp" => 6,
        "udp" => 17,
        "sctp" => 132,
        "udplite" => 136,
        "icmp" => 1,
        _ => null,
    };

    private static bool TryRange(string text, out PortRange range)
    {
        range = default;
        string[] ends = text.Split('-');
        if (ends.Length > 2 || !ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            || !ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last) || last < first) return false;
        range = new PortRange(first, last);
        return true;
    }
}
