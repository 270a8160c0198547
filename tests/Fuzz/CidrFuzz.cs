using System.Net;
using System.Net.Sockets;
using Margay.Foundation.Primitives;
using Xunit;

namespace Margay.Fuzz.Tests;

public sealed class CidrFuzz
{
    private static readonly string[] _words =
    [
        "10.0.0.0/8", "192.168.1.1", "0.0.0.0/0", "255.255.255.255/32", "fd00::/64", "::/0", "::1/128", "2001:db8::1", "::ffff:10.0.0.1", "::10.0.0.1/100",
        "fe80::1%eth0", "[::1]", "[::1]:80", "/", "/8", "/129", "1.2.3", "01.2.3.4", "0x7f.1", "1:2:3:4:5:6:7:8", "/-1", "/+8", " ", ":", "::", ".",
    ];

    [Fact]
    public void Any_text_is_a_prefix_or_not_and_prints_as_itself() => new FuzzRun("cidr", _words, Check).Start();

    private static void Check(string text)
    {
        bool isAddress = IpAddr.TryParse(text, out var address);
        if (isAddress)
        {
            Assert.All(text, c => Assert.True(char.IsAsciiHexDigit(c) || c is ':' or '.', $"'{c}' in an address"));
            Assert.Equal(address, IpAddr.Parse(address.ToString()));
            Assert.Equal(address, IpAddr.From(IPAddress.Parse(text)));
            Assert.Equal(address, IpAddr.From(address.ToIPAddress()));
        }
        if (!IpPrefix.TryParse(text, out var prefix))
        {
            Assert.False(isAddress, "an address is a prefix too");
            return;
        }
        Assert.Equal(prefix, IpPrefix.Parse(prefix.ToString()));
        Assert.True(prefix.Contains(prefix.Address) && prefix.Contains(prefix.Last) && prefix.Contains(prefix));
        Assert.True(prefix.Address.CompareTo(prefix.Last) <= 0);
        Assert.Equal(prefix.Address.ToPrefix() == prefix, prefix.IsSingleAddress);
        // The framework refuses host bits, we clear them; of what it takes it must make the same.
        if (text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out var theirs))
        {
            Assert.Equal(theirs.PrefixLength, prefix.Length);
            if (theirs.BaseAddress is { IsIPv4MappedToIPv6: false }) Assert.Equal(theirs.BaseAddress.AddressFamily == AddressFamily.InterNetwork, prefix.Family == IpFamily.V4);
        }
    }
}
