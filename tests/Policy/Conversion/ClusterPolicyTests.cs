using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>ClusterNetworkPolicy: its place, and what happens to what cannot be understood.</summary>
public sealed class ClusterPolicyTests
{
    private static readonly ClusterNetworkPolicyIngressPeer Everybody = new() { Namespaces = new() };

    private readonly ClusterPolicy _cluster = new();

    public ClusterPolicyTests() => _cluster.Apply([
        Make.Namespace("red", "env=prod"), Make.Pod("red", "a", "10.0.0.1", "app=a"), Make.Pod("red", "b", "10.0.0.2", "app=b", ports: "web:80,web:81/UDP,web:82/SCTP")]);

    private static ClusterNetworkPolicySpec Spec(string tier, int priority, params ClusterNetworkPolicyIngressRule[] rules) =>
        new() { Tier = tier, Priority = priority, Subject = new() { Namespaces = new() }, Ingress = [.. rules] };

    private static ClusterNetworkPolicyIngressRule In(string action, params ClusterNetworkPolicyProtocol[] protocols) =>
        new() { Action = action, From = [Everybody], Protocols = protocols.Length == 0 ? null : [.. protocols] };

    private static ClusterNetworkPolicyEgressRule Out(string action, ClusterNetworkPolicyEgressPeer peer) => new() { Action = action, To = [peer] };

    private static ClusterNetworkPolicyProtocol Tcp(int port) => new() { Tcp = new() { DestinationPort = new() { Number = port } } };

    private string Ask(byte protocol = 6, ushort port = 80)
    {
        var verdict = _cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "b"), protocol, port);
        return $"{verdict.Allowed} {verdict.Decisive!.Decider}";
    }

    private void Apply(string name, ClusterNetworkPolicySpec spec) => _cluster.Apply([Make.Cluster(name, spec)]);

    [Fact]
    public void Admin_stands_before_and_baseline_after_the_policies_of_namespaces()
    {
        Apply("base", Spec("Baseline", 0, In("Deny")));
        Assert.Equal("False kube-baseline/kcnp:base/ingress/0", Ask());
        _cluster.Apply([Make.Kube("red", "k", new() { Ingress = [new() { Ports = [new() { Port = 80 }] }] })]);
        Assert.Equal("True default/knp:red/k/ingress/0", Ask());
        Assert.Equal("False default/knp:red/k/ingress/-1", Ask(port: 81));
        Apply("admin", Spec("Admin", 0, In("Deny", Tcp(80)), In("Accept", Tcp(81)), In("Pass")));
        Assert.Equal("False kube-admin/kcnp:admin/ingress/0", Ask());
        Assert.Equal("True kube-admin/kcnp:admin/ingress/1", Ask(port: 81));
        Assert.Equal("False default/knp:red/k/ingress/-1", Ask(port: 82));
    }

    [Fact]
    public void Without_a_tier_object_the_built_in_order_and_ends_hold()
    {
        Apply("admin", Spec("Admin", 0, In("Accept", Tcp(1))));
        Assert.Equal("True -/profile:kns.red/ingress/0", Ask());
        _cluster.Apply([Make.Tier("mine", 999), Make.Global("g", new() { Tier = "mine", Ingress = [Make.Rule("Pass")] })]);
        var trace = _cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "b"), 6, 80).Ingress!.Trace;
        Assert.Equal(["mine", "kube-admin"], trace.OfType<TierEntered>().Select(t => t.Tier));
    }

    [Fact]
    public void Lower_priorities_come_first_and_none_last()
    {
        Apply("b", Spec("Admin", 5, In("Deny")));
        Apply("a", Spec("Admin", 6, In("Accept")));
        Assert.Equal("False kube-admin/kcnp:b/ingress/0", Ask());
        Apply("b", Spec("Admin", 1000, In("Deny")));
        Assert.Equal("True kube-admin/kcnp:a/ingress/0", Ask());
    }

    [Fact]
    public void A_direction_without_rules_is_left_alone_and_a_named_port_is_looked_for_in_every_protocol()
    {
        Apply("p", new() { Tier = "Admin", Priority = 1, Subject = new() { Namespaces = new() }, Egress = [Out("Deny", new() { Pods = new() { NamespaceSelector = new(), PodSelector = new() } })] });
        Assert.Equal("False kube-admin/kcnp:p/egress/0", Ask());
        Apply("p", Spec("Admin", 1, In("Deny", new ClusterNetworkPolicyProtocol { DestinationNamedPort = "web" })));
        Assert.StartsWith("False", Ask(6, 80), StringComparison.Ordinal);
        Assert.StartsWith("False", Ask(17, 81), StringComparison.Ordinal);
        Assert.StartsWith("False", Ask(132, 82), StringComparison.Ordinal);
        Assert.StartsWith("True", Ask(6, 81), StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_are_pods_and_not_network_sets()
    {
        _cluster.Apply([Make.Set("red", "s", "app=a", "192.0.2.0/24")]);
        Apply("p", Spec("Admin", 1, In("Deny")));
        Assert.True(_cluster.Evaluate(FlowEnd.At(IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "b"), 6, 80).Allowed);
    }

    public static TheoryData<string> Malformed => new(Bad.Keys);

    private static readonly Dictionary<string, ClusterNetworkPolicyEgressRule> Bad = new()
    {
        ["to: at least one peer is needed"] = new() { To = [] },
        ["to.a peer needs exactly one field"] = new() { To = [new()] },
        ["to.domainNames: nothing here learns the addresses of names"] = new() { To = [new() { Namespaces = new() }, new() { DomainNames = ["a.b"] }] },
        ["to.networks: '10.0.0.0/33' is no prefix"] = new() { To = [new() { Networks = ["10.0.0.0/33"] }] },
        ["to.networks: '10.0.0.1' is no prefix"] = new() { To = [new() { Networks = ["10.0.0.1"] }] },
        ["to.networks: at least one is needed"] = new() { To = [new() { Networks = [] }] },
        ["to.pods: a namespaceSelector is needed"] = new() { To = [new() { Pods = new() { PodSelector = new() } }] },
        ["to.pods: a podSelector is needed"] = new() { To = [new() { Pods = new() { NamespaceSelector = new() } }] },
        ["to.namespaces: matchExpressions: unknown operator 'Near'"] = new() { To = [new() { Namespaces = new() { MatchExpressions = [new() { Key = "a", Operator = "Near" }] } }] },
        ["protocols: at least one is needed"] = new() { To = [new() { Namespaces = new() }], Protocols = [] },
        ["protocols: an entry needs exactly one field"] = new() { To = [new() { Namespaces = new() }], Protocols = [new()] },
        ["protocols: a destinationPort needs a number or a range"] = new() { To = [new() { Namespaces = new() }], Protocols = [new() { Tcp = new() }] },
        ["protocols: 0 to 0 is no range of ports"] = new() { To = [new() { Namespaces = new() }], Protocols = [Tcp(0)] },
        ["protocols: 9 to 8 is no range of ports"] = new() { To = [new() { Namespaces = new() }], Protocols = [new() { Udp = new() { DestinationPort = new() { Range = new() { Start = 9, End = 8 } } } }] },
        ["protocols.destinationNamedPort: only pods have named ports"] = new() { To = [new() { Networks = ["10.0.0.0/8"] }], Protocols = [new() { DestinationNamedPort = "web" }] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_accept_matches_nothing_and_a_malformed_deny_or_pass_denies_everything(string problem)
    {
        foreach (string action in (string[])["Accept", "Deny", "Pass"])
        {
            var bad = Bad[problem];
            bad.Action = action;
            Apply("p", new() { Tier = "Admin", Priority = 1, Subject = new() { Namespaces = new() }, Egress = [bad, Out("Accept", new() { Networks = ["10.0.0.2/32"] })] });
            Assert.Equal(action == "Accept" ? "True kube-admin/kcnp:p/egress/1" : "False kube-admin/kcnp:p/egress/0", action == "Accept" ? Egress() : Ask());
            Assert.Equal($"Egress rule 0: {problem}", Assert.Single(_cluster.Problems).Text);
        }

        string Egress()
        {
            var verdict = _cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "b"), 6, 80).Egress!;
            return $"{verdict.Allowed} {verdict.Decider}";
        }
    }

    [Fact]
    public void An_unknown_action_or_tier_or_subject_denies()
    {
        Apply("p", Spec("Admin", 1, In("Allow")));
        Assert.Equal("False kube-admin/kcnp:p/ingress/0", Ask());
        Apply("p", Spec("Middle", 1, In("Accept")));
        Assert.Equal("False kube-admin/kcnp:p/ingress/0", Ask());
        Assert.Equal("tier: 'Middle' is unknown", Assert.Single(_cluster.Problems).Text);
        var spec = Spec("Baseline", 1, In("Accept"));
        spec.Subject = new();
        Apply("p", spec);
        Assert.Equal("False kube-baseline/kcnp:p/ingress/0", Ask());
        Assert.Equal("subject: one of namespaces and pods is needed", Assert.Single(_cluster.Problems).Text);
    }
}
