using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Linux.Tests.Route;

public sealed class RouteReaderTests
{
    private static readonly ushort[] Types = [Rtnetlink.RTM_NEWLINK, Rtnetlink.RTM_NEWADDR, Rtnetlink.RTM_NEWROUTE, Rtnetlink.RTM_NEWNEIGH, Rtnetlink.RTM_NEWRULE];

    [Theory]
    [InlineData("10.65.0.0/26", "192.0.2.1", 0u)]
    [InlineData("fd00::/122", "fe80::1", 1024u)]
    [InlineData("0.0.0.0/0", "192.0.2.1", 5u)]
    public void A_route_is_read_as_it_is_written(string prefix, string gateway, uint metric)
    {
        var route = new KernelRoute
        {
            Destination = IpPrefix.Parse(prefix), Gateway = IpAddr.Parse(gateway), Interface = 7, Metric = metric, Protocol = 80, OnLink = true, Source = IpAddr.Parse(gateway), Table = 1001,
        };
        using var writer = new NetlinkWriter();
        RouteRequestWriter.Write(writer, new ReplaceRoute(route));
        Assert.Equal(route, Read(writer.Written, RouteReader.ReadRoute));
        writer.Clear();
        RouteRequestWriter.Write(writer, new AddRoute(route with { Table = KernelRoute.MainTable }));
        Assert.Equal(KernelRoute.MainTable, Read(writer.Written, RouteReader.ReadRoute)!.Table);
    }

    [Fact]
    public void Random_attributes_are_read_or_refused_and_nothing_else() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Select(Gen.UShort[0, 40], Gen.Byte.Array[0, 20]).List[0, 8], Gen.Int[0, 4]).Sample((header, attributes, kind) =>
        {
            using var writer = new NetlinkWriter();
            writer.BeginMessage(Types[kind], 0);
            // A family that exists, so that readers go on.
            header[0] = kind % 2 == 0 ? Rtnetlink.AF_INET : Rtnetlink.AF_INET6;
            foreach (byte[] word in header.Chunk(4).Take(kind switch { 0 => 4, 1 => 2, _ => 3 })) writer.Header(BitConverter.ToUInt32(word));
            foreach (var (type, value) in attributes) writer.Attribute(type, value);
            writer.EndMessage();
            try
            {
                Read(writer.Written, RouteReader.ReadLink);
                Read(writer.Written, RouteReader.ReadAddress);
                Read(writer.Written, RouteReader.ReadRoute);
                Read(writer.Written, RouteReader.ReadNeighbour);
                Read(writer.Written, RouteReader.ReadRule);
            }
            catch (MalformedNetlinkException)
            {
                // What a reader says about nonsense.
            }
        });

    private static T? Read<T>(ReadOnlySpan<byte> datagram, NetlinkParser<T> parse) where T : class
    {
        var messages = new NetlinkMessages(datagram);
        return messages.TryNext(out var message) ? parse(in message) : null;
    }
}
