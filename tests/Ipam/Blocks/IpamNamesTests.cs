using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

public sealed class IpamNamesTests
{
    [Theory]
    [InlineData("10.0.0.64/26", "10-0-0-64-26")]
    [InlineData("fd00::/122", "fd00---122")]
    [InlineData("fd00:1:2::40/122", "fd00-1-2--40-122")]
    public void A_block_is_named_after_its_prefix(string cidr, string name) =>
        Assert.Equal(name, IpamNames.OfBlock(IpPrefix.Parse(cidr)));

    [Fact]
    public void An_affinity_is_named_after_node_and_block() =>
        Assert.Equal("node-a-10-0-0-0-26", IpamNames.OfAffinity("node-a", IpPrefix.Parse("10.0.0.0/26")));

    [Fact]
    public void Long_node_names_are_cut_and_told_apart_by_a_hash()
    {
        var cidr = IpPrefix.Parse("10.0.0.0/26");
        string one = IpamNames.OfAffinity(new string('n', 250) + "1", cidr);
        string two = IpamNames.OfAffinity(new string('n', 250) + "2", cidr);
        Assert.NotEqual(one, two);
        Assert.Equal(252, one.Length);
        Assert.Equal(one[..240], two[..240]);
    }

    [Fact]
    public void The_host_label_is_sha3_in_base_32()
    {
        // SHA3-256 of the empty text is a7ffc6f8...8434a (FIPS 202); in base 32 it starts with these letters.
        Assert.StartsWith("U774N6F7", IpamNames.HashOfHost(""), StringComparison.Ordinal);
        Assert.Equal(52, IpamNames.HashOfHost("node-a").Length);
    }
}
