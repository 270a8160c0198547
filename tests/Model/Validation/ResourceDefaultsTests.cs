using Margay.Model.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class ResourceDefaultsTests
{
    [Theory]
    [InlineData(false, false, "Ingress")]
    [InlineData(true, false, "Ingress")]
    [InlineData(false, true, "Egress")]
    [InlineData(true, true, "Ingress,Egress")]
    public void The_types_of_a_policy_follow_from_its_rules(bool ingress, bool egress, string types)
    {
        var policy = new GlobalNetworkPolicy
        {
            Spec = { Ingress = ingress ? [new Rule()] : null, Egress = egress ? [new Rule()] : [] },
        };

        ResourceDefaults.Apply(policy);

        Assert.Equal(types, string.Join(',', policy.Spec.Types!));
        Assert.Equal("default", policy.Spec.Tier);
    }

    [Theory]
    [InlineData("10.0.0.0/16", 26)]
    [InlineData("fd00::/64", 122)]
    public void Pools_get_the_block_size_of_their_family(string cidr, int size)
    {
        var pool = new IPPool { Spec = { Cidr = cidr } };

        ResourceDefaults.Apply(pool);

        Assert.Equal(size, pool.Spec.BlockSize);
        Assert.Equal(("Never", "Never", "all()", "Automatic"), (pool.Spec.IpipMode, pool.Spec.VxlanMode, pool.Spec.NodeSelector, pool.Spec.AssignmentMode));
        Assert.Equal(["Workload", "Tunnel"], pool.Spec.AllowedUses!);
    }

    [Fact]
    public void What_is_given_stays()
    {
        var policy = new NetworkPolicy { Spec = { Tier = "t", Types = ["Egress"], Ingress = [new Rule()] } };
        var pool = new IPPool { Spec = { Cidr = "10.0.0.0/16", BlockSize = 28, AllowedUses = ["Tunnel"], NodeSelector = "has(x)" } };

        ResourceDefaults.Apply(policy);
        ResourceDefaults.Apply(pool);

        Assert.Equal(("t", "Egress"), (policy.Spec.Tier, policy.Spec.Types![0]));
        Assert.Equal((28, "Tunnel", "has(x)"), (pool.Spec.BlockSize, pool.Spec.AllowedUses![0], pool.Spec.NodeSelector));
    }

    [Fact]
    public void Kubernetes_policies_get_types_and_protocols()
    {
        var policy = new KubeNetworkPolicy { Spec = { Egress = [new() { Ports = [new() { Port = 53 }, new() { Protocol = "UDP" }] }] } };

        ResourceDefaults.Apply(policy);

        Assert.Equal(["Ingress", "Egress"], policy.Spec.PolicyTypes!);
        Assert.Equal(["TCP", "UDP"], policy.Spec.Egress![0].Ports!.Select(port => port.Protocol));
    }

    [Fact]
    public void Tiers_deny_at_their_end()
    {
        var tier = new Tier();

        ResourceDefaults.Apply(tier);

        Assert.Equal("Deny", tier.Spec.DefaultAction);
    }

    [Theory]
    [InlineData("1m30s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("0", 0)]
    [InlineData("50ms", 0.05)]
    [InlineData("-2s", -2)]
    [InlineData("1h1m1s1ms", 3661.001)]
    public void Durations_are_read_as_go_writes_them(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("1.2.3s")]
    [InlineData("-")]
    [InlineData("99999999999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
