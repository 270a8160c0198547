using System.Net;
using CsCheck;
using Margay.Foundation.Primitives;
using Xunit;

namespace Margay.Foundation.Tests.Primitives;

public sealed class IpPrefixTests
{
    private static readonly Gen<IpAddr> _addresses = Gen.OneOf(
        Gen.UInt.Select(IpAddr.FromV4),
        Gen.Select(Gen.ULong, Gen.ULong, (hi, lo) => new IpAddr(hi, lo, IpFamily.V6)));

    [Fact]
    public void Text_and_back_gives_the_same_address() =>
        _addresses.Sample(address => IpAddr.Parse(address.ToString()) == address);

    [Fact]
    public void Bytes_and_back_give_the_same_address() =>
        _addresses.Sample(address =>
        {
            var bytes = new byte[address.ByteCount];
            address.WriteBytes(bytes);
            return IpAddr.FromBytes(bytes) == address && IpAddr.From(new IPAddress(bytes)) == address;
        });

    [Fact]
    public void Contains_agrees_with_the_framework() =>
        Gen.Select(_addresses, _addresses, Gen.Byte).Sample((inside, other, length) =>
        {
            var prefix = new IpPrefix(inside, (byte)(length % (inside.Bits + 1)));
            var twin = new IPNetwork(prefix.Address.ToIPAddress(), prefix.Length);
            return prefix.Contains(other) == twin.Contains(other.ToIPAddress()) && prefix.Contains(inside);
        });

    [Fact]
    public void First_and_last_are_the_ends_of_what_is_contained() =>
        Gen.Select(_addresses, Gen.Byte).Sample((address, length) =>
        {
            var prefix = new IpPrefix(address, (byte)(length % (address.Bits + 1)));
            return prefix.Contains(prefix.Address) && prefix.Contains(prefix.Last)
                && (prefix.Last.Value == (prefix.Family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue)
                    || !prefix.Contains(IpAddr.FromValue(prefix.Last.Value + 1, prefix.Family)));
        });

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:DB8::1/32", "2001:db8::/32")]
    [InlineData("::/0", "::/0")]
    public void Parses_and_prints_the_canonical_text(string text, string canonical) =>
        Assert.Equal(canonical, IpPrefix.Parse(text).ToString());

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("::/129")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("0x0a.1")]
    [InlineData("")]
    [InlineData(null)]
    public void Refuses_what_is_no_prefix(string? text) => Assert.False(IpPrefix.TryParse(text, out _));

    [Fact]
    public void Families_do_not_contain_each_other()
    {
        Assert.False(IpPrefix.Parse("0.0.0.0/0").Contains(IpAddr.Parse("::1")));
        Assert.False(IpPrefix.Parse("::/0").Contains(IpAddr.Parse("127.0.0.1")));
    }
}
