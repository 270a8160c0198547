using System.Buffers.Binary;
using System.Text;
using Margay.Testbed.Dns.Names;
using Margay.Testbed.Dns.Serving;
using Margay.Testbed.Dns.Wire;
using Xunit;

namespace Margay.Testbed.Dns.Tests;

public sealed class WireTests
{
    private readonly DnsResponder _responder = new(new ClusterNames(new KnownCluster()));

    [Fact]
    public void An_answer_repeats_number_and_question_and_points_back_to_the_name()
    {
        byte[] query = Query("Web.shop.svc.cluster.local", RecordType.A);

        byte[] answer = _responder.Answer(query, datagram: true)!;

        Assert.Equal(query[..2], answer[..2]);
        Assert.Equal([0x85, 0x00, 0, 1, 0, 1, 0, 0, 0, 0], answer[2..12]); // authoritative, one question, one answer
        Assert.Equal(query[12..], answer[12..query.Length]); // letters as they were sent
        Assert.Equal([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 96, 0, 7], answer[query.Length..]);
    }

    [Fact]
    public void What_does_not_exist_comes_with_how_long_that_holds()
    {
        byte[] answer = _responder.Answer(Query("none.shop.svc.cluster.local", RecordType.A), datagram: true)!;

        Assert.Equal((byte)ResponseCode.NameError, answer[3]);
        Assert.Equal(1, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(8)));
    }

    [Fact]
    public void An_answer_that_does_not_fit_into_a_datagram_says_so_and_fits_over_tcp()
    {
        // Three records with a name of 250 bytes each are more than 512.
        var names = new ClusterNames(new WideCluster());
        byte[] query = Query("wide.shop.svc.cluster.local", RecordType.Srv);

        byte[] cut = new DnsResponder(names).Answer(query, datagram: true)!;
        byte[] whole = new DnsResponder(names).Answer(query, datagram: false)!;
        byte[] large = new DnsResponder(names).Answer([.. Query("wide.shop.svc.cluster.local", RecordType.Srv, more: 1), 0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0], datagram: true)!;

        Assert.True((cut[2] & 2) != 0 && cut.Length <= 512);
        Assert.True((whole[2] & 2) == 0 && whole.Length > 512);
        Assert.Equal(whole.Length + 11, large.Length);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 2, 0 })]
    [InlineData(new byte[] { 1, 2, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1 })] // an answer: two servers must not talk to each other
    public void What_is_no_query_gets_no_answer(byte[] message) => Assert.Null(_responder.Answer(message, datagram: true));

    [Theory]
    [InlineData(new byte[] { 1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63, 65 }, ResponseCode.FormatError)]
    [InlineData(new byte[] { 1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1 }, ResponseCode.FormatError)]
    [InlineData(new byte[] { 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, ResponseCode.FormatError)]
    [InlineData(new byte[] { 1, 2, 0x29, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1 }, ResponseCode.NotImplemented)] // an update
    public void A_query_that_cannot_be_read_is_refused_with_a_code(byte[] message, object code)
    {
        byte[] answer = _responder.Answer(message, datagram: true)!;

        Assert.Equal([1, 2], answer[..2]);
        Assert.Equal((byte)(ResponseCode)code, answer[3]);
    }

    [Fact]
    public void No_bytes_break_it()
    {
        var random = new Random(7);
        byte[] query = Query("_sql._tcp.db.shop.svc.cluster.local", RecordType.Srv);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = query[..random.Next(query.Length + 1)];
            for (int edits = random.Next(4); edits > 0 && message.Length > 0; edits--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
            _responder.Answer(message, datagram: random.Next(2) == 0);
        }
    }

    private static byte[] Query(string name, RecordType type, byte more = 0)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, more };
        foreach (string label in name.Split('.'))
            bytes.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        return [.. bytes, 0, 0, (byte)type, 0, 1];
    }
}
