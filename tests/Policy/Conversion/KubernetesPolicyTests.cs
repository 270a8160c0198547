using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

public sealed class KubernetesPolicyTests
{
    private static ClusterPolicy Cluster(KubeNetworkPolicySpec spec)
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1", "app=a"), Make.Pod("red", "b", "10.0.0.2", "app=b"),
            Make.Kube("red", "policy", spec)]);
        return cluster;
    }

    private static bool Allows(ClusterPolicy cluster, ushort port = 80) =>
        cluster.Evaluate(FlowEnd.Pod("red", "b"), FlowEnd.Pod("red", "a"), 6, port).Allowed;

    public static TheoryData<string, KubePolicyPeer?, KubePolicyPort?> Malformed => new()
    {
        { "no prefix", new KubePolicyPeer { IpBlock = new() { Cidr = "10.0.0.0/33" } }, null },
        { "no prefix", new KubePolicyPeer { IpBlock = new() { Cidr = "10.0.0.0/8", Except = ["x"] } }, null },
        { "needs an ipBlock or a selector", new KubePolicyPeer(), null },
        { "goes with no selector", new KubePolicyPeer { IpBlock = new() { Cidr = "10.0.0.0/8" }, PodSelector = new() }, null },
        { "unknown operator", new KubePolicyPeer { PodSelector = new() { MatchExpressions = [new() { Key = "a", Operator = "Near" }] } }, null },
        { "needs values", new KubePolicyPeer { NamespaceSelector = new() { MatchExpressions = [new() { Key = "a", Operator = "In" }] } }, null },
        { "is unknown", null, new KubePolicyPort { Protocol = "GRE" } },
        { "no range of ports", null, new KubePolicyPort { Port = 90, EndPort = 80 } },
        { "no range of ports", null, new KubePolicyPort { Port = 0 } },
        { "endPort needs a number", null, new KubePolicyPort { Port = "http", EndPort = 80 } },
        { "endPort needs a port", null, new KubePolicyPort { EndPort = 80 } },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_rule_is_dropped_and_the_policy_isolates_all_the_same(string problem, KubePolicyPeer? peer, KubePolicyPort? port)
    {
        var rule = new KubeIngressRule { From = peer is null ? null : [peer], Ports = port is null ? null : [port] };
        var cluster = Cluster(new KubeNetworkPolicySpec { Ingress = [rule, new KubeIngressRule { Ports = [new() { Port = 443 }] }] });
        Assert.False(Allows(cluster));
        Assert.True(Allows(cluster, 443));
        Assert.Contains(problem, Assert.Single(cluster.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_whose_pod_selector_cannot_be_read_isolates_its_whole_namespace()
    {
        var cluster = Cluster(new KubeNetworkPolicySpec
        {
            PodSelector = new() { MatchExpressions = [new() { Key = "app", Operator = "Exists", Values = ["x"] }] },
            Ingress = [new KubeIngressRule()],
        });
        Assert.False(Allows(cluster));
        Assert.Contains("takes no values", Assert.Single(cluster.Problems).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stands_in_tier_default_at_order_1000_and_keeps_the_index_of_the_rule()
    {
        var cluster = Cluster(new KubeNetworkPolicySpec
        {
            Ingress =
            [
                new KubeIngressRule { Ports = [new() { Port = 1 }, new() { Port = 2, Protocol = "UDP" }] },
                new KubeIngressRule { From = [new() { PodSelector = new() { MatchLabels = new() { ["app"] = "b" } } }] },
            ],
        });
        cluster.Apply([
            Make.Policy("red", "early", new() { Order = 999, Selector = "app == 'a'", Ingress = [Make.Rule("Log")] }),
            Make.Policy("red", "late", new() { Order = 1001, Selector = "app == 'a'", Ingress = [Make.Deny()] })]);
        var verdict = cluster.Evaluate(FlowEnd.Pod("red", "b"), FlowEnd.Pod("red", "a"), 6, 80).Ingress!;
        Assert.True(verdict.Allowed);
        Assert.Equal("default/knp:red/policy/ingress/1", verdict.Decider.ToString());
        Assert.Equal(
            ["np:red/early", "knp:red/policy"], verdict.Trace.OfType<PolicyEntered>().Select(p => p.Policy.ToString()));
        Assert.Equal([0, 0, 1], verdict.Trace.OfType<RuleVisited>().Skip(1).Select(r => r.Rule.Index));
    }

    [Fact]
    public void Ports_of_one_protocol_become_one_rule()
    {
        var cluster = Cluster(new KubeNetworkPolicySpec
        {
            Ingress = [new KubeIngressRule { Ports = [new() { Port = 80 }, new() { Protocol = "UDP" }, new() { Port = 443 }, new() { Protocol = "UDP", Port = 53 }] }],
        });
        var rules = cluster.State.Policies[new PolicyId(PolicyKind.KubernetesNetworkPolicy, "red", "policy")].Ingress;
        Assert.Equal(["6:80,443", "17:"], rules.Select(r => $"{r.Protocol}:{string.Join(',', r.Destination.Ports)}"));
    }
}
