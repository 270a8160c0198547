using System.Globalization;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Tests.Twin;

namespace Margay.Policy.Tests.Examples;

/// <summary>
/// A packet's way through node n1, whose eth0 has 192.0.2.10 and whose eth1 has 198.51.100.10, as an example writes it:
/// <c>SOURCE -> DESTINATION:PORT[/PROTOCOL] [as ADDRESS:PORT] allow|deny|alone</c>. An end is <c>host(ADDRESS)</c>, <c>eth0(ADDRESS)</c> or a pod;
/// <c>as</c> says what the destination is translated to; <c>alone</c> means that no policy governs the packet.
/// </summary>
internal static class PassageExample
{
    private static readonly List<IpAddr> _eth0 = [IpAddr.Parse("192.0.2.10")];
    private static readonly List<IpAddr> _eth1 = [IpAddr.Parse("198.51.100.10")];

    /// <summary>What the line expects, what the twin says, and what we say.</summary>
    public static (string Expected, string Twin, string Ours) Ask(Example example, ClusterPolicy ours, string line)
    {
        string[] words = line.Split(' ');
        int colon = words[2].LastIndexOf(':');
        string[] port = words[2][(colon + 1)..].Split('/');
        int protocol = port.Length == 1 ? 6 : TwinNumbers.Protocol(port[1]);
        var (from, source) = End(example, words[0]);
        var (to, destination) = End(example, words[2][..colon]);
        var translated = new TwinPacket(source, destination, protocol, 49152, Number(port[0]), 8, 0);
        var original = translated;
        if (words[3] == "as")
        {
            // What is written as the destination is where it arrives; before, it was for another address.
            string[] parts = words[4].Split(':');
            original = translated with { Destination = IpAddr.Parse(parts[0]), DestinationPort = Number(parts[1]) };
        }
        var twin = new HostTwin(example.Resources, "n1", from, to, original, translated).Ask();
        var passage = new HostPassage(Ours(from), Ours(to), TwinProperties.PacketOf(original)) { Translated = TwinProperties.PacketOf(translated) };
        string expected = words[^1] switch { "allow" => "Allowed", "deny" => "Denied", "alone" => "LeftAlone", _ => throw new FormatException(line) };
        return (expected, twin.Outcome, ours.Evaluate("n1", passage).Outcome.ToString());
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static (TwinEnd End, IpAddr Address) End(Example example, string text)
    {
        if (example.Pod(text) is { } pod) return (new TwinEnd(Pod: pod), example.AddressesOf(text)[0]);
        string[] parts = text.Split('(', ')');
        var address = IpAddr.Parse(parts[1]);
        return parts[0] switch
        {
            "host" => (new TwinEnd(), address),
            "eth0" => (new TwinEnd(Interface: "eth0", Addresses: _eth0), address),
            "eth1" => (new TwinEnd(Interface: "eth1", Addresses: _eth1), address),
            _ => throw new FormatException(text),
        };
    }

    private static PassageEnd Ours(TwinEnd end) => end switch
    {
        { Pod: { } pod } => new PassageEnd.Workload(new EndpointId(pod.Metadata.Namespace!, pod.Metadata.Name!, "eth0")),
        { Interface: { } name } => new PassageEnd.Beyond(new HostInterface(name, [.. end.Addresses!])),
        _ => new PassageEnd.Host(),
    };
}
