using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Packets;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>Sets of packets behave as sets: membership of the result follows from membership of the parts.</summary>
public sealed class PacketSetProperties
{
    private static readonly ushort[] Borders = [0, 1, 2, 79, 80, 81, 1024, 65534, 65535];

    private static readonly Gen<Ranges> Some = Gen.Select(Pick.From(Borders), Pick.From(Borders)).Array[0, 3]
        .Select(list => Ranges.Of(list.Select(p => new PortRange(Math.Min(p.Item1, p.Item2), Math.Max(p.Item1, p.Item2)))));

    private static readonly Gen<PacketSet> Piece = Gen.OneOf(
        Gen.Select(Pick.From<byte>(6, 17), Some, Some).Select((p, s, d) => PacketSet.OfPorts(IpFamily.V4, p, s, d)),
        Gen.Select(Some, Some).Select((s, d) => PacketSet.OfPorts(IpFamily.V4, s, d)),
        Pick.From<byte>(1, 6, 58, 47, 255).Select(p => PacketSet.OfProtocol(IpFamily.V4, p)),
        Pick.From<byte>(0, 8, 255).Select(t => PacketSet.OfMessages(IpFamily.V4, Ranges.Of(t, t), Ranges.Of(0, 3))));

    private static readonly Gen<PacketSet> Sets = Piece.Array[1, 4].Select(list => list.Aggregate((a, b) => a.Or(b)));

    private static readonly Gen<Packet> Packets = Gen.Select(
        Pick.From<byte>(1, 6, 17, 58, 47, 255, 0), Pick.From(Borders), Pick.From(Borders), Pick.From<byte>(0, 8, 255), Pick.From<byte>(0, 3, 4))
        .Select((protocol, source, destination, type, code) =>
            new Packet(IpAddr.Parse("10.0.0.1"), IpAddr.Parse("10.0.0.2"), protocol) { SourcePort = source, DestinationPort = destination, IcmpType = type, IcmpCode = code });

    [Fact]
    public void Membership_of_a_combination_follows_from_that_of_its_parts() => Gen.Select(Sets, Sets, Packets.Array[20]).Sample((a, b, packets) =>
    {
        foreach (var packet in packets)
        {
            Assert.Equal(a.Contains(packet) && b.Contains(packet), a.And(b).Contains(packet));
            Assert.Equal(a.Contains(packet) || b.Contains(packet), a.Or(b).Contains(packet));
            Assert.Equal(a.Contains(packet) && !b.Contains(packet), a.Except(b).Contains(packet));
        }
    }, iter: 3000);

    [Fact]
    public void Equal_sets_are_equal_values_whatever_way_they_were_made() => Gen.Select(Sets, Sets, Sets).Sample((a, b, c) =>
    {
        Assert.Equal(a.Or(b).Or(c), c.Or(a.Or(b)));
        Assert.Equal(a.Except(b.Or(c)), a.Except(b).Except(c));
        Assert.Equal(a, a.And(b).Or(a.Except(b)));
        Assert.Equal(a.And(b).GetHashCode(), b.And(a).GetHashCode());
        Assert.Equal(PacketSet.All(IpFamily.V4), a.Or(PacketSet.All(IpFamily.V4).Except(a)));
    }, iter: 3000);

    [Theory]
    [InlineData("10.0.0.0", "10.0.0.255", "10.0.0.0/24")]
    [InlineData("10.0.0.1", "10.0.0.4", "10.0.0.1/32 10.0.0.2/31 10.0.0.4/32")]
    [InlineData("0.0.0.0", "255.255.255.255", "0.0.0.0/0")]
    [InlineData("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0")]
    [InlineData("255.255.255.254", "255.255.255.255", "255.255.255.254/31")]
    public void A_range_of_addresses_is_the_fewest_prefixes(string first, string last, string prefixes) =>
        Assert.Equal(prefixes, string.Join(' ', new AddressRange(IpAddr.Parse(first), IpAddr.Parse(last)).Prefixes()));

    [Theory]
    [InlineData(6, "80", "TCP 80")]
    [InlineData(17, "53,1000-2000", "UDP 53,1000-2000")]
    public void Says_ports_in_words(byte protocol, string ports, string text)
    {
        var ranges = ports.Split(',').Select(p => p.Split('-')).Select(p => new PortRange(ushort.Parse(p[0]), ushort.Parse(p[^1])));
        var set = PacketSet.OfPorts(IpFamily.V4, protocol, Ranges.Of(0, 65535), Ranges.Of(ranges));
        Assert.Equal(text, set.ToString());
        Assert.Equal("everything but " + text, PacketSet.All(IpFamily.V4).Except(set).ToString());
    }

    [Fact]
    public void Says_messages_and_whole_protocols_in_words()
    {
        Assert.Equal("everything", PacketSet.All(IpFamily.V6).ToString());
        Assert.Equal("nothing", PacketSet.Empty(IpFamily.V6).ToString());
        Assert.Equal("ICMPv6 type 128 code 0", PacketSet.OfMessages(IpFamily.V6, Ranges.Of(128, 128), Ranges.Of(0, 0)).ToString());
        Assert.Equal("TCP; protocol 47", PacketSet.OfProtocol(IpFamily.V4, 6).Or(PacketSet.OfProtocol(IpFamily.V4, 47)).ToString());
    }
}
