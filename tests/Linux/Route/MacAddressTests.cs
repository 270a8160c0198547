using Margay.Linux.Route;
using Xunit;

namespace Margay.Linux.Tests.Route;

public sealed class MacAddressTests
{
    [Fact]
    public void Text_and_bytes_agree()
    {
        var address = MacAddress.Parse("02:1a:FF:00:09:a0");
        Span<byte> bytes = stackalloc byte[MacAddress.Size];
        address.WriteBytes(bytes);
        Assert.Equal([0x02, 0x1a, 0xff, 0x00, 0x09, 0xa0], bytes.ToArray());
        Assert.Equal(address, MacAddress.FromBytes(bytes));
        Assert.Equal("02:1a:ff:00:09:a0", address.ToString());
        Assert.True(address.IsUnicast);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("02:1a:ff:00:09")]
    [InlineData("02-1a-ff-00-09-a0")]
    [InlineData("02:1a:ff:00:09:a0:")]
    [InlineData("02:1a:ff:00:09:g0")]
    [InlineData("02:1a:ff:00:09: a")]
    public void Other_texts_are_refused(string? text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void Zero_and_multicast_are_no_ones_own()
    {
        Assert.False(default(MacAddress).IsUnicast);
        Assert.False(MacAddress.Parse("01:00:5e:00:00:01").IsUnicast);
    }
}
