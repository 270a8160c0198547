using Margay.Cni.Wiring;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Cni.Tests.Wiring;

public sealed class NamesTests
{
    [Fact]
    public void A_host_interface_is_called_by_the_known_convention()
    {
        // printf default.nginx | sha1sum
        string name = HostInterfaceName.ForPod("default", "nginx");
        Assert.Equal("calic440f455693", name);
        Assert.Equal(15, name.Length);
        Assert.Equal("cali0123456789a", HostInterfaceName.ForContainer("0123456789abcdef"));
        Assert.Equal("caliabc", HostInterfaceName.ForContainer("abc"));
    }

    [Fact]
    public void A_mark_comes_back_from_the_alias()
    {
        var mark = new AttachmentMark("c_1.x-2", "eth0");
        Assert.True(AttachmentMark.TryParse(mark.ToString(), out var read));
        Assert.Equal(mark, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("somebody's")]
    [InlineData("margay/")]
    [InlineData("margay/eth0")]
    [InlineData("margay/eth0/")]
    [InlineData("margay//abc")]
    public void Other_aliases_are_not_ours(string alias) => Assert.False(AttachmentMark.TryParse(alias, out _));

    [Fact]
    public void The_gateway_for_ipv6_follows_from_the_hardware_address()
    {
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        PodGateway.HostMac.WriteBytes(mac);
        byte[] address = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]];
        Assert.Equal(Margay.Foundation.Primitives.IpAddr.FromBytes(address), PodGateway.V6);
    }
}
