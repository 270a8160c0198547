using CsCheck;
using Margay.Linux.Netlink;
using Xunit;

namespace Margay.Linux.Tests.Netlink;

public sealed class NetlinkReaderTests
{
    [Fact]
    public void A_message_longer_than_the_datagram_is_malformed() =>
        Assert.Throws<MalformedNetlinkException>(() => new NetlinkMessages(Convert.FromHexString("20000000" + "0200" + "0000" + "0000000000000000")).TryNext(out _));

    [Fact]
    public void An_attribute_longer_than_its_buffer_is_malformed() =>
        Assert.Throws<MalformedNetlinkException>(() => new NetlinkAttributes(Convert.FromHexString("0c00010001020304")).TryNext(out _));

    [Fact]
    public void A_number_of_another_width_is_malformed() =>
        Assert.Throws<MalformedNetlinkException>(() =>
        {
            new NetlinkAttributes(Convert.FromHexString("060001000102")).TryNext(out var attribute);
            return attribute.U32;
        });

    [Fact]
    public void Flag_bits_are_not_part_of_the_type()
    {
        new NetlinkAttributes(Convert.FromHexString("04000580")).TryNext(out var attribute);
        Assert.Equal(5, attribute.Type);
    }

    [Fact]
    public void Random_bytes_end_or_are_malformed_and_nothing_else() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            try
            {
                var messages = new NetlinkMessages(bytes);
                while (messages.TryNext(out var message))
                {
                    var attributes = new NetlinkAttributes(message.Payload);
                    while (attributes.TryNext(out var attribute)) _ = attribute.Text;
                }
            }
            catch (MalformedNetlinkException)
            {
                return true;
            }
            return true;
        });
}
