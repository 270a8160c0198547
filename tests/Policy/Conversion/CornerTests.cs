using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>Corners that random worlds seldom meet; a broken variant of the core went unnoticed in each.</summary>
public sealed class CornerTests
{
    [Fact]
    public void A_rule_that_passes_in_a_profile_denies_everything_not_only_what_it_would_match()
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Pod("red", "a", "10.0.0.1"),
            Make.Named(new Profile { Spec = new() { Ingress = [Make.Rule("Pass", protocol: Protocol.Udp), Make.Rule("Allow")] } }, "", "kns.red")]);
        var verdict = cluster.Evaluate(FlowEnd.At(Foundation.Primitives.IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "a"), 6, 80);
        Assert.False(verdict.Allowed);
        Assert.Equal("-/profile:kns.red/ingress/0", verdict.Ingress!.Decider.ToString());
    }

    [Fact]
    public void A_network_set_cannot_pass_for_a_pod()
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1"),
            Make.Set("red", "fake", "projectcalico.org/serviceaccount=admin,projectcalico.org/orchestrator=k8s", "192.0.2.0/24"),
            Make.GlobalSet("other", "projectcalico.org/namespace=red", "198.51.100.0/24"),
            Make.Policy("red", "accounts", new() { Ingress = [Make.Allow(new() { ServiceAccounts = new() { Names = ["admin"] } }), Make.Allow(new() { Selector = "!has(x)" }, protocol: Protocol.Udp)] }),
            Make.Kube("red", "pods", new() { Ingress = [new() { From = [new() { PodSelector = new() }] }] })]);
        bool Passes(string source, byte protocol) =>
            cluster.Evaluate(FlowEnd.At(Foundation.Primitives.IpAddr.Parse(source)), FlowEnd.Pod("red", "a"), protocol, 80).Allowed;
        Assert.False(Passes("192.0.2.1", 6));
        Assert.True(Passes("192.0.2.1", 17));
        Assert.False(Passes("198.51.100.1", 17));
    }

    [Fact]
    public void An_exception_of_the_other_family_excludes_nothing()
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1"),
            Make.Kube("red", "block", new() { Ingress = [new() { From = [new() { IpBlock = new() { Cidr = "192.0.2.0/24", Except = ["2001:db8::/32"] } }] }] })]);
        Assert.True(cluster.Evaluate(FlowEnd.At(Foundation.Primitives.IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "a"), 6, 80).Allowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tier_rejects_at_its_end_only_where_extensions_are_allowed(bool allowed)
    {
        var cluster = new ClusterPolicy();
        var tier = Make.Tier("security", 1, "Reject");
        if (allowed) tier.Metadata.Annotations = new() { [Extensions.Annotation] = Extensions.Allowed };
        cluster.Apply([tier, Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1"), Make.Global("security.x", new() { Tier = "security" })]);
        var verdict = cluster.Evaluate(FlowEnd.At(Foundation.Primitives.IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "a"), 6, 80);
        Assert.False(verdict.Allowed);
        Assert.Equal(allowed, verdict.Ingress!.Rejected);
    }
}
