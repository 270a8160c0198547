using Margay.Linux.Netlink;
using Xunit;

namespace Margay.Linux.Tests.Netlink;

public sealed class NetlinkWriterTests
{
    [Fact]
    public void Writes_header_attributes_and_nests_with_patched_lengths()
    {
        using var writer = new NetlinkWriter(16);
        writer.BeginMessage(0x0a00, NetlinkProtocol.NLM_F_ACK);
        writer.Header(0x11223344u);
        writer.Text(1, "abc");
        int nest = writer.BeginNested(2);
        writer.U32Be(3, 0x01020304);
        writer.U8(4, 9);
        writer.EndNested(nest);
        writer.EndMessage();

        Assert.Equal(
            "30000000" + "000a" + "0500" + "00000000" + "00000000" + "44332211"
            + "0800" + "0100" + "61626300"
            + "1400" + "0280" + "0800" + "0300" + "01020304" + "0500" + "0400" + "09000000",
            Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        using var writer = new NetlinkWriter(16);
        for (int i = 0; i < 3; i++)
        {
            writer.BeginMessage((ushort)(20 + i), 0);
            writer.Header((ulong)i);
            writer.U16Be(5, (ushort)(i * 1000));
            writer.EndMessage();
        }

        var messages = new NetlinkMessages(writer.Written);
        int seen = 0;
        while (messages.TryNext(out var message))
        {
            Assert.Equal(20 + seen, message.Type);
            Assert.Equal((ulong)seen, message.Header<ulong>());
            var attributes = message.Attributes<ulong>();
            Assert.True(attributes.TryNext(out var attribute));
            Assert.Equal(5, attribute.Type);
            Assert.Equal(seen * 1000, attribute.U16Be);
            Assert.False(attributes.TryNext(out _));
            seen++;
        }
        Assert.Equal(3, seen);
        Assert.Equal(3, writer.Count);
    }

    [Fact]
    public void Refuses_a_nest_that_its_length_field_cannot_say()
    {
        using var writer = new NetlinkWriter();
        writer.BeginMessage(1, 0);
        int nest = writer.BeginNested(1);
        writer.Attribute(2, new byte[40000]);
        writer.Attribute(2, new byte[40000]);
        Assert.Throws<InvalidOperationException>(() => writer.EndNested(nest));
    }
}
