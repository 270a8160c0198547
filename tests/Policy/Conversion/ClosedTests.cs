using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>What cannot be understood is closed, never open.</summary>
public sealed class ClosedTests
{
    private static ClusterPolicy Cluster(params Resource[] policies)
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1", "app=a"), Make.Pod("red", "b", "10.0.0.2", "app=b"), .. policies]);
        return cluster;
    }

    private static bool Allows(ClusterPolicy cluster) => cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "b"), 6, 80).Allowed;

    public static TheoryData<string> BadRules => new(Bad.Keys);

    private static readonly Dictionary<string, Func<Rule>> Bad = new()
    {
        ["source.nets: '10.0.0.300' is no address or prefix"] = () => Make.Rule("", new() { Nets = ["10.0.0.300"] }),
        ["source.notNets: 'x' is no address or prefix"] = () => Make.Rule("", new() { NotNets = ["x"] }),
        ["source.selector: at position 0: expected a label name, found '%'"] = () => Make.Rule("", new() { Selector = "%" }),
        ["source.notSelector: at position 0: expected a label name, found '%'"] = () => Make.Rule("", new() { NotSelector = "%" }),
        ["source.namespaceSelector: at position 0: expected a label name, found '%'"] = () => Make.Rule("", new() { NamespaceSelector = "%" }),
        ["source.serviceAccounts.selector: at position 0: expected a label name, found '%'"] = () => Make.Rule("", new() { ServiceAccounts = new() { Selector = "%" } }),
        ["destination.ports: '70000' is no port"] = () => Make.Rule("", null, new() { Ports = [PolicyPort.Single(70000)] }, Protocol.Tcp),
        ["destination.ports: '90:80' is no port"] = () => Make.Rule("", null, new() { Ports = [PolicyPort.Range(90, 80)] }, Protocol.Tcp),
        ["destination.ports: the rule names no protocol that has ports"] = () => Make.Rule("", null, new() { Ports = [PolicyPort.Single(80)] }),
        ["destination.notPorts: the rule names no protocol that has ports"] = () => Make.Rule("", null, new() { NotPorts = [PolicyPort.Single(80)] }, Protocol.Icmp),
        ["destination.services: a name and a namespace are needed"] = () => Make.Rule("", null, new() { Services = new() }),
        ["protocol: 'GRE?' is unknown"] = () => Make.Rule("", protocol: Protocol.Parse("GRE?")),
        ["protocol: '256' is unknown"] = () => Make.Rule("", protocol: Protocol.FromNumber(256)),
        ["ipVersion: 5 is unknown"] = () => new Rule { IpVersion = 5 },
        ["icmp: the rule's protocol is not ICMP"] = () => new Rule { Icmp = new() { Type = 8 } },
        ["icmp: a code needs a type"] = () => new Rule { Protocol = Protocol.Icmp, Icmp = new() { Code = 0 } },
        ["notICMP: a number is out of range"] = () => new Rule { Protocol = Protocol.Icmp, NotICMP = new() { Type = 255 } },
        ["http: the rule's protocol is not TCP"] = () => new Rule { Protocol = Protocol.Udp, Http = new() },
        ["http.paths: one of exact and prefix is needed"] = () => new Rule { Http = new() { Paths = [new()] } },
        ["http.paths: 'x' is no path"] = () => new Rule { Http = new() { Paths = [new() { Exact = "x" }] } },
        ["http.methods: a method is empty"] = () => new Rule { Http = new() { Methods = [""] } },
    };

    [Theory]
    [MemberData(nameof(BadRules))]
    public void A_malformed_rule_allows_nothing_and_denies_everything(string problem)
    {
        foreach (string action in (string[])["Allow", "Log", "Deny", "Pass"])
        {
            var bad = Bad[problem]();
            bad.Action = action;
            var cluster = Cluster(Make.Policy("red", "p", new() { Selector = "app == 'b'", Ingress = [bad, Make.Allow()] }));
            bool stopped = action is "Deny" or "Pass";
            Assert.Equal(!stopped, Allows(cluster));
            string expected = problem.StartsWith("http", StringComparison.Ordinal) && action != "Allow" ? "http: only an Allow rule can name requests" : problem;
            Assert.Equal($"Ingress rule 0: {expected}", Assert.Single(cluster.Problems).Text);

            bad = Bad[problem]();
            bad.Action = action;
            cluster = Cluster(Make.Policy("red", "p", new() { Selector = "app == 'b'", Ingress = [bad] }));
            Assert.False(Allows(cluster));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("Permit")]
    public void An_unknown_action_denies(string action)
    {
        var cluster = Cluster(Make.Policy("red", "p", new() { Ingress = [Make.Rule(action), Make.Allow()] }));
        Assert.False(Allows(cluster));
    }

    [Fact]
    public void A_policy_whose_selectors_cannot_be_read_selects_its_scope_and_denies()
    {
        Assert.False(Allows(Cluster(Make.Policy("red", "p", new() { Selector = "app = 'z'", Ingress = [Make.Allow()] }))));
        Assert.False(Allows(Cluster(Make.Policy("red", "p", new() { ServiceAccountSelector = "(", Ingress = [Make.Allow()] }))));
        Assert.False(Allows(Cluster(Make.Global("p", new() { NamespaceSelector = "(", Ingress = [Make.Allow()] }))));
        Assert.True(Allows(Cluster(Make.Policy("blue", "p", new() { Selector = "app = 'z'", Ingress = [Make.Allow()] }))));
        // Also in a tier that passes at its end.
        Assert.False(Allows(Cluster(Make.Tier("t", 1, "Pass"), Make.Policy("red", "p", new() { Tier = "t", Selector = "(", Ingress = [] }))));
    }

    [Fact]
    public void Labels_of_a_pod_cannot_pretend_to_come_from_its_namespace_or_service_account()
    {
        var cluster = Cluster(
            Make.Pod("red", "a", "10.0.0.1", "pcns.env=prod,pcsa.role=admin,projectcalico.org/namespace=blue,projectcalico.org/serviceaccount=admin"),
            Make.Global("p", new()
            {
                Selector = "app == 'b'",
                Ingress =
                [
                    Make.Allow(new() { NamespaceSelector = "env == 'prod'" }), Make.Allow(new() { ServiceAccounts = new() { Selector = "role == 'admin'" } }),
                    Make.Allow(new() { Selector = "projectcalico.org/namespace == 'blue'" }), Make.Allow(new() { ServiceAccounts = new() { Names = ["admin"] } }),
                ],
            }));
        Assert.False(Allows(cluster));
    }

    [Fact]
    public void A_local_endpoint_whose_pod_is_not_known_is_closed()
    {
        var graph = new PolicyGraph("n");
        graph.Apply(Make.Update(Make.Namespace("red")));
        graph.SetLocalEndpoint(Make.Local("red", "a", "10.0.0.1"));
        Assert.Empty(graph.Drain());
        graph.MarkInSync();
        var closed = Assert.Single(graph.Drain().OfType<WorkloadEndpointUpdate>());
        Assert.Empty(closed.Profiles);
        Assert.False(graph.Knows("red", "a"));

        graph.Apply(Make.Update(Make.Pod("red", "a", "")));
        Assert.True(graph.Knows("red", "a"));
        Assert.Equal(["profile:kns.red"], Assert.Single(graph.Drain().OfType<WorkloadEndpointUpdate>()).Profiles.Select(p => p.ToString()));
    }

    [Fact]
    public void Nothing_is_said_before_everything_is_known()
    {
        var graph = new PolicyGraph("n");
        graph.Apply(Make.Update(Make.Pod("red", "a", "")));
        graph.SetLocalEndpoint(Make.Local("red", "a", "10.0.0.1"));
        Assert.Empty(graph.Drain());
        graph.MarkInSync();
        Assert.IsType<InSync>(graph.Drain()[^1]);
        Assert.Empty(graph.Drain());
    }

    [Fact]
    public void The_families_of_both_ends_must_meet()
    {
        var cluster = Cluster(Make.Pod("red", "six", "fd00::6"));
        Assert.Equal(FlowOutcome.NoCommonFamily, cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "six"), 6, 80).Outcome);
        Assert.Equal(FlowOutcome.UnknownEnd, cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.Pod("red", "nobody"), 6, 80).Outcome);
        Assert.Equal(FlowOutcome.Allowed, cluster.Evaluate(FlowEnd.At(IpAddr.Parse("fd00::1")), FlowEnd.Pod("red", "six"), 6, 80).Outcome);
    }
}
