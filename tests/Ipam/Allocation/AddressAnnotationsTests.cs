using Margay.Ipam.Allocation;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

public sealed class AddressAnnotationsTests
{
    private static Dictionary<string, string> Map(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(p => "cni.projectcalico.org/" + p.Key, p => p.Value);

    private static string Read(Dictionary<string, string>? pod, Dictionary<string, string>? ns = null, CniAddressDefaults? defaults = null) =>
        AddressAnnotations.TryRead("shop/cart", pod, ns, defaults ?? new(), out var plan, out string? problem)
            ? $"addrs={string.Join(",", plan.Addresses)} v4={plan.CountV4}:{Text(plan.PoolsV4)} v6={plan.CountV6}:{Text(plan.PoolsV6)}"
            : problem!;

    private static string Text(PoolChoice? choice) => choice is null ? "" : string.Join(",", choice.Pools);

    [Fact]
    public void Nothing_said_means_one_ipv4_address() => Assert.Equal("addrs= v4=1: v6=0:", Read(null));

    [Fact]
    public void The_pod_goes_before_its_namespace_for_each_family_apart() =>
        Assert.Equal("addrs= v4=1:podpool v6=1:nspool6",
            Read(Map(("ipv4pools", """["podpool"]""")), Map(("ipv4pools", """["nspool"]"""), ("ipv6pools", """["nspool6"]""")),
                new(AssignV6: true, PoolsV4: ["conf4"], PoolsV6: ["conf6"])));

    [Fact]
    public void The_cni_configuration_comes_last() =>
        Assert.Equal("addrs= v4=1:conf4 v6=0:", Read(null, Map(), new(PoolsV4: ["conf4"])));

    [Fact]
    public void Addresses_go_before_pools() =>
        Assert.Equal("addrs=10.0.0.9,fd00::9 v4=0: v6=0:", Read(Map(("ipAddrs", """["10.0.0.9", "fd00::9"]"""), ("ipv4pools", """["x"]"""))));

    [Fact]
    public void Families_can_be_chosen() =>
        Assert.Equal("addrs= v4=0: v6=1:", Read(Map(("ipFamilies", """["IPv6"]"""))));

    [Fact]
    public void A_namespace_cannot_give_its_pods_one_address() =>
        Assert.Equal("addrs= v4=1: v6=0:", Read(null, Map(("ipAddrs", """["10.0.0.9"]"""))));

    [Theory]
    [InlineData("ipAddrs", """["10.0.0.9","10.0.0.8"]""", "annotation cni.projectcalico.org/ipAddrs of pod shop/cart: more than one IPv4 address")]
    [InlineData("ipAddrs", """["10.0.0"]""", "annotation cni.projectcalico.org/ipAddrs of pod shop/cart: '10.0.0' is not an IP address")]
    [InlineData("ipAddrs", "[]", "annotation cni.projectcalico.org/ipAddrs of pod shop/cart: the list is empty")]
    [InlineData("ipFamilies", """["ipv4"]""", "annotation cni.projectcalico.org/ipFamilies of pod shop/cart: IPv4 and IPv6 are the families there are")]
    [InlineData("ipv4pools", """{"a":1}""", """annotation cni.projectcalico.org/ipv4pools of pod shop/cart is not a JSON list of texts: {"a":1}""")]
    [InlineData("ipv4pools", "[1]", "annotation cni.projectcalico.org/ipv4pools of pod shop/cart is not a JSON list of texts: [1]")]
    public void A_mistake_is_named_with_its_annotation(string key, string value, string message) => Assert.Equal(message, Read(Map((key, value))));

    [Fact]
    public void Text_that_is_not_json_is_said_to_be_so() =>
        Assert.StartsWith("annotation cni.projectcalico.org/ipv4pools of pod shop/cart is not JSON:", Read(Map(("ipv4pools", "pool-a"))), StringComparison.Ordinal);
}
