using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>Kubernetes NetworkPolicy: what it means that something is absent, and what that it is empty.</summary>
public sealed class KubernetesNothingTests
{
    private static readonly KubeIngressRule Rule = new();

    private static string Admitted(KubeNetworkPolicySpec spec, bool ingress = true)
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Namespace("red"), Make.Namespace("blue", "env=prod"), Make.Pod("red", "me", "10.0.0.1", "app=me"), Make.Pod("red", "near", "10.0.0.2", "app=x"),
            Make.Pod("blue", "far", "10.0.0.3", "app=x"), Make.Kube("red", "p", spec)]);
        Assert.Empty(cluster.Problems);
        var me = FlowEnd.Pod("red", "me");
        (string Name, FlowEnd End)[] others = [("near", FlowEnd.Pod("red", "near")), ("far", FlowEnd.Pod("blue", "far")), ("world", FlowEnd.At(IpAddr.Parse("192.0.2.1")))];
        return string.Join(' ', others.Where(o => (ingress ? cluster.Evaluate(o.End, me, 6, 80) : cluster.Evaluate(me, o.End, 6, 80)).Allowed).Select(o => o.Name));
    }

    private static KubeNetworkPolicySpec In(params KubeIngressRule[] rules) => Mine(new() { Ingress = [.. rules] });

    private static KubeNetworkPolicySpec From(params KubePolicyPeer[] peers) => In(new KubeIngressRule { From = [.. peers] });

    private static KubeNetworkPolicySpec Mine(KubeNetworkPolicySpec spec)
    {
        spec.PodSelector = new() { MatchLabels = new() { ["app"] = "me" } };
        return spec;
    }

    [Fact]
    public void Rules()
    {
        Assert.Equal("", Admitted(Mine(new() { Ingress = null })));
        Assert.Equal("", Admitted(In()));
        Assert.Equal("near far world", Admitted(In(Rule)));
        Assert.Equal("near far world", Admitted(Mine(new() { PolicyTypes = ["Egress"], Ingress = [] })));
        Assert.Equal("near far world", Admitted(Mine(new() { Egress = null }), ingress: false));
        Assert.Equal("near far world", Admitted(Mine(new() { Egress = [] }), ingress: false));
        Assert.Equal("", Admitted(Mine(new() { PolicyTypes = ["Egress"], Egress = [] }), ingress: false));
        Assert.Equal("", Admitted(Mine(new() { PolicyTypes = ["Egress"] }), ingress: false));
        Assert.Equal("near far world", Admitted(Mine(new() { Egress = [new()] }), ingress: false));
        Assert.Equal("", Admitted(Mine(new() { Egress = [new()] })));
        Assert.Equal("", Admitted(Mine(new() { PolicyTypes = [], Ingress = [] })));
    }

    [Fact]
    public void Peers()
    {
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { From = null })));
        Assert.Equal("near far world", Admitted(From()));
        Assert.Equal("near", Admitted(From(new KubePolicyPeer { PodSelector = new() })));
        Assert.Equal("near far", Admitted(From(new KubePolicyPeer { NamespaceSelector = new() })));
        Assert.Equal("near far", Admitted(From(new KubePolicyPeer { PodSelector = new(), NamespaceSelector = new() })));
        Assert.Equal("near", Admitted(From(new KubePolicyPeer { PodSelector = new() { MatchLabels = new(), MatchExpressions = [] } })));
        Assert.Equal("far", Admitted(From(new KubePolicyPeer { NamespaceSelector = new() { MatchLabels = new() { ["env"] = "prod" } } })));
        Assert.Equal("near far", Admitted(From(new KubePolicyPeer { PodSelector = new() }, new KubePolicyPeer { NamespaceSelector = new() })));
    }

    [Fact]
    public void Ports()
    {
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { Ports = null })));
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { Ports = [] })));
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { Ports = [new()] })));
        Assert.Equal("", Admitted(In(new KubeIngressRule { Ports = [new() { Protocol = "UDP" }] })));
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { Ports = [new() { Port = 79, EndPort = 80 }] })));
        Assert.Equal("", Admitted(In(new KubeIngressRule { Ports = [new() { Port = 81, EndPort = 65535 }] })));
        Assert.Equal("near far world", Admitted(In(new KubeIngressRule { Ports = [new() { Port = 80, EndPort = 80 }] })));
        Assert.Equal("", Admitted(In(new KubeIngressRule { Ports = [new() { Port = 79, EndPort = 80, Protocol = "UDP" }] })));
    }

    [Fact]
    public void Blocks()
    {
        KubePolicyPeer Block(string cidr, List<string>? except) => new() { IpBlock = new() { Cidr = cidr, Except = except } };
        Assert.Equal("near far world", Admitted(From(Block("0.0.0.0/0", null))));
        Assert.Equal("near far world", Admitted(From(Block("0.0.0.0/0", []))));
        Assert.Equal("world", Admitted(From(Block("0.0.0.0/0", ["10.0.0.0/24"]))));
        Assert.Equal("near far", Admitted(From(Block("10.0.0.0/24", ["192.0.2.0/24"]))));
        Assert.Equal("near far world", Admitted(From(Block("0.0.0.0/0", ["fd00::/8"]))));
        Assert.Equal("near world", Admitted(From(Block("0.0.0.0/0", ["10.0.0.0/24"]), Block("10.0.0.2/32", null))));
        Assert.Equal("", Admitted(From(Block("::/0", null))));
    }
}
