using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Every field of a rule: which senders an ingress policy of red/server lets in when its only rule allows.</summary>
public sealed class RuleFieldTests
{
    private static readonly string[] Everybody = ["red/a", "red/b", "blue/a", "blue/c", "192.0.2.1", "203.0.113.1", "10.9.0.1"];

    private static ClusterPolicy Cluster()
    {
        var cluster = new ClusterPolicy();
        cluster.Apply([
            Make.Namespace("red", "env=prod"), Make.Namespace("blue", "env=dev"),
            Make.Account("red", "robot", "role=r"), Make.Account("blue", "robot", "role=r"), Make.Account("blue", "human", "role=h"),
            Make.Pod("red", "server", "10.0.0.9,fd00::9", "app=server", ports: "http:80,http:8080/UDP,dns:53/UDP"),
            Make.Pod("red", "a", "10.0.0.1,fd00::1", "app=a", "robot"),
            Make.Pod("red", "b", "10.0.0.2,fd00::2", "app=b", "human"),
            Make.Pod("blue", "a", "10.0.1.1,fd00::11", "app=a", "robot"),
            Make.Pod("blue", "c", "10.0.1.3,fd00::13", "app=c", "human", "http:9999"),
            Make.Set("red", "partners", "kind=partner", "192.0.2.0/24"),
            Make.GlobalSet("world", "kind=partner", "203.0.113.1"),
            Make.Slice("blue", "svc-1", "svc", ["10.0.1.3", "203.0.113.1"], (null, 8000)),
        ]);
        return cluster;
    }

    private static FlowEnd End(string text) =>
        text.Split('/') is [var @namespace, var name] ? FlowEnd.Pod(@namespace, name) : FlowEnd.At(IpAddr.Parse(text));

    private static string Admitted(Rule rule, byte protocol = 6, ushort port = 80, ushort sourcePort = 49152, bool global = false)
    {
        var cluster = Cluster();
        if (global) cluster.Apply([Make.Global("p", new() { Selector = "app == 'server'", Ingress = [rule] })]);
        else cluster.Apply([Make.Policy("red", "p", new() { Selector = "app == 'server'", Ingress = [rule] })]);
        Assert.Empty(cluster.Problems);
        return string.Join(' ', Everybody.Where(e => cluster.Evaluate(End(e), FlowEnd.Pod("red", "server"), protocol, port, sourcePort: sourcePort).Allowed));
    }

    private static string AdmittedFrom(EntityRule source, bool global = false) => Admitted(Make.Allow(source), global: global);

    [Fact]
    public void A_rule_without_criteria_matches_everybody() =>
        Assert.Equal(string.Join(' ', Everybody), Admitted(Make.Allow()));

    [Fact]
    public void A_selector_of_a_namespaced_policy_means_its_own_namespace()
    {
        Assert.Equal("red/a", AdmittedFrom(new() { Selector = "app == 'a'" }));
        Assert.Equal("red/a blue/a", AdmittedFrom(new() { Selector = "app == 'a'" }, global: true));
    }

    [Fact]
    public void All_means_every_known_endpoint_and_network_set_and_not_every_packet()
    {
        Assert.Equal("red/a red/b 192.0.2.1", AdmittedFrom(new() { Selector = "all()" }));
        Assert.Equal("red/a red/b blue/a blue/c 192.0.2.1 203.0.113.1", AdmittedFrom(new() { Selector = "all()" }, global: true));
    }

    [Fact]
    public void A_namespace_selector_replaces_the_own_namespace()
    {
        Assert.Equal("blue/a", AdmittedFrom(new() { Selector = "app == 'a'", NamespaceSelector = "env == 'dev'" }));
        Assert.Equal("blue/a blue/c", AdmittedFrom(new() { NamespaceSelector = "projectcalico.org/name == 'blue'" }));
        Assert.Equal("red/a red/b blue/a blue/c 192.0.2.1", AdmittedFrom(new() { NamespaceSelector = "all()" }));
        Assert.Equal("red/a red/b blue/a blue/c 192.0.2.1", AdmittedFrom(new() { NamespaceSelector = "all()" }, global: true));
    }

    [Fact]
    public void Global_means_what_has_no_namespace()
    {
        Assert.Equal("203.0.113.1", AdmittedFrom(new() { Selector = "kind == 'partner'", NamespaceSelector = "global()" }));
        Assert.Equal("192.0.2.1", AdmittedFrom(new() { Selector = "kind == 'partner'" }));
        Assert.Equal("192.0.2.1 203.0.113.1", AdmittedFrom(new() { Selector = "kind == 'partner'" }, global: true));
        Assert.Equal("red/a red/b 192.0.2.1 203.0.113.1", AdmittedFrom(new() { NamespaceSelector = "global() || env == 'prod'" }));
    }

    [Fact]
    public void A_lone_not_selector_is_confined_to_the_own_namespace_in_a_namespaced_policy()
    {
        Assert.Equal("red/b 192.0.2.1", AdmittedFrom(new() { NotSelector = "app == 'a'" }));
        Assert.Equal("red/b blue/c 192.0.2.1 203.0.113.1 10.9.0.1", AdmittedFrom(new() { NotSelector = "app == 'a'" }, global: true));
        Assert.Equal("blue/c", AdmittedFrom(new() { NamespaceSelector = "env == 'dev'", NotSelector = "app == 'a'" }));
        Assert.Equal("red/b blue/c", AdmittedFrom(new() { Selector = "has(app)", NotSelector = "app == 'a'" }, global: true));
    }

    [Fact]
    public void Service_account_names_and_selector_must_both_hold()
    {
        Assert.Equal("red/a", AdmittedFrom(new() { ServiceAccounts = new() { Names = ["robot"] } }));
        Assert.Equal("red/a blue/a", AdmittedFrom(new() { ServiceAccounts = new() { Names = ["robot", "x"] } }, global: true));
        Assert.Equal("blue/c", AdmittedFrom(new() { ServiceAccounts = new() { Selector = "role == 'h'" } }, global: true));
        Assert.Equal("", AdmittedFrom(new() { ServiceAccounts = new() { Names = ["robot"], Selector = "role == 'h'" } }, global: true));
        Assert.Equal("blue/a", AdmittedFrom(new() { ServiceAccounts = new() { Names = ["robot"] }, NamespaceSelector = "env == 'dev'" }));
        Assert.Equal("blue/a", AdmittedFrom(new() { ServiceAccounts = new() { Selector = "projectcalico.org/name == 'robot'" }, NamespaceSelector = "env == 'dev'" }));
    }

    [Fact]
    public void Service_accounts_of_the_destination_and_in_both_directions()
    {
        var cluster = Cluster();
        cluster.Apply([
            Make.Pod("red", "server", "10.0.0.9", "app=server", "human"),
            Make.Policy("red", "p", new() { Selector = "app == 'server'", Types = ["Ingress", "Egress"], Ingress = [Make.Allow(new() { ServiceAccounts = new() { Names = ["robot"] } }, new() { ServiceAccounts = new() { Names = ["human"] } })], Egress = [Make.Allow(null, new() { ServiceAccounts = new() { Selector = "role == 'r'" }, NamespaceSelector = "all()" })] })]);
        string Reached(bool ingress) => string.Join(' ', Everybody.Where(e =>
            (ingress ? cluster.Evaluate(End(e), FlowEnd.Pod("red", "server"), 6, 80) : cluster.Evaluate(FlowEnd.Pod("red", "server"), End(e), 6, 80)).Allowed));
        Assert.Equal("red/a", Reached(ingress: true));
        Assert.Equal("red/a blue/a", Reached(ingress: false));
        cluster.Apply([Make.Pod("red", "server", "10.0.0.9", "app=server", "robot")]);
        Assert.Equal("", Reached(ingress: true));
    }

    [Fact]
    public void Service_accounts_without_names_and_selector_demand_nothing()
    {
        string all = string.Join(' ', Everybody);
        Assert.Equal(all, AdmittedFrom(new() { ServiceAccounts = new() }));
        Assert.Equal(all, AdmittedFrom(new() { ServiceAccounts = new() { Names = [], Selector = "" } }));
        // The account of red/b is named and does not exist.
        Assert.Equal("red/a blue/a blue/c", AdmittedFrom(new() { ServiceAccounts = new() { Selector = "has(projectcalico.org/name)" } }, global: true));
    }

    [Fact]
    public void Inherited_labels_have_upstreams_prefixes()
    {
        Assert.Equal("red/a red/b 192.0.2.1", AdmittedFrom(new() { Selector = "pcns.env == 'prod'" }, global: true));
        Assert.Equal("red/a blue/a", AdmittedFrom(new() { Selector = "pcsa.role == 'r'" }, global: true));
        Assert.Equal("blue/a blue/c", AdmittedFrom(new() { Selector = "pcns.projectcalico.org/name == 'blue'" }, global: true));
        Assert.Equal("red/a blue/a", AdmittedFrom(new() { Selector = "projectcalico.org/serviceaccount == 'robot' && projectcalico.org/orchestrator == 'k8s'" }, global: true));
    }

    [Fact]
    public void Nets_and_not_nets()
    {
        Assert.Equal("red/a 192.0.2.1", AdmittedFrom(new() { Nets = ["10.0.0.1", "192.0.2.0/24"] }));
        Assert.Equal("red/b", AdmittedFrom(new() { Nets = ["10.0.0.0/24"], NotNets = ["10.0.0.1/32"] }));
        Assert.Equal("blue/a blue/c 192.0.2.1 203.0.113.1 10.9.0.1", AdmittedFrom(new() { NotNets = ["10.0.0.0/24"] }));
        Assert.Equal("red/a", AdmittedFrom(new() { Nets = ["10.0.0.0/8"], Selector = "app == 'a'" }));
    }

    [Fact]
    public void Nets_confine_a_rule_to_their_family()
    {
        var cluster = Cluster();
        cluster.Apply([Make.Policy("red", "p", new() { Ingress = [Make.Allow(new() { NotNets = ["10.0.0.1/32"] })] })]);
        bool Allows(string from, IpFamily family) => cluster.Evaluate(End(from), FlowEnd.Pod("red", "server"), 6, 80, family).Allowed;
        Assert.True(Allows("red/b", IpFamily.V4));
        Assert.False(Allows("red/b", IpFamily.V6));
        cluster.Apply([Make.Policy("red", "p", new() { Ingress = [Make.Allow(new() { Nets = ["10.0.0.2/32", "fd00::2/128"] }, new() { Nets = ["fd00::/64"] })] })]);
        Assert.False(Allows("red/b", IpFamily.V4));
        Assert.True(Allows("red/b", IpFamily.V6));
        cluster.Apply([Make.Policy("red", "p", new() { Ingress = [Make.Allow(new() { Nets = ["10.0.0.2/32"] }, new() { Nets = ["fd00::/64"] })] })]);
        Assert.False(Allows("red/b", IpFamily.V4));
        Assert.False(Allows("red/b", IpFamily.V6));
    }

    [Fact]
    public void Ports_ranges_and_not_ports()
    {
        string all = string.Join(' ', Everybody);
        var rule = Make.Allow(null, new() { Ports = [PolicyPort.Single(80), PolicyPort.Range(8000, 8010)] }, Protocol.Tcp);
        Assert.Equal(all, Admitted(rule, 6, 80));
        Assert.Equal(all, Admitted(rule, 6, 8010));
        Assert.Equal("", Admitted(rule, 6, 8011));
        Assert.Equal("", Admitted(rule, 17, 80));
        var not = Make.Allow(null, new() { NotPorts = [PolicyPort.Single(80)] }, Protocol.Tcp);
        Assert.Equal("", Admitted(not, 6, 80));
        Assert.Equal(all, Admitted(not, 6, 81));
        var source = Make.Allow(new() { Ports = [PolicyPort.Single(1000)] }, null, Protocol.Udp);
        Assert.Equal(all, Admitted(source, 17, 80, sourcePort: 1000));
        Assert.Equal("", Admitted(source, 17, 80, sourcePort: 1001));
    }

    [Fact]
    public void A_named_port_is_each_endpoints_own_port_of_that_name_and_protocol()
    {
        string all = string.Join(' ', Everybody);
        var http = Make.Allow(null, new() { Ports = [PolicyPort.Named("http")] }, Protocol.Tcp);
        Assert.Equal(all, Admitted(http, 6, 80));
        Assert.Equal("", Admitted(http, 6, 8080));
        var udp = Make.Allow(null, new() { Ports = [PolicyPort.Named("http"), PolicyPort.Named("dns"), PolicyPort.Single(7)] }, Protocol.Parse("udp"));
        Assert.Equal(all, Admitted(udp, 17, 8080));
        Assert.Equal(all, Admitted(udp, 17, 53));
        Assert.Equal(all, Admitted(udp, 17, 7));
        Assert.Equal("", Admitted(udp, 17, 80));
        var scoped = Make.Allow(null, new() { Ports = [PolicyPort.Named("http")], Selector = "app == 'other'" }, Protocol.Tcp);
        Assert.Equal("", Admitted(scoped, 6, 80));
        var not = Make.Allow(null, new() { NotPorts = [PolicyPort.Named("http")] }, Protocol.Tcp);
        Assert.Equal("", Admitted(not, 6, 80));
        Assert.Equal(all, Admitted(not, 6, 8080));
        var source = Make.Allow(new() { Ports = [PolicyPort.Named("http")] }, null, Protocol.Tcp);
        Assert.Equal("blue/c", Admitted(source, 6, 80, sourcePort: 9999));
    }

    [Fact]
    public void Protocols_by_name_and_number_and_negated()
    {
        string all = string.Join(' ', Everybody);
        Assert.Equal(all, Admitted(Make.Allow(protocol: Protocol.FromNumber(47)), 47, 0));
        Assert.Equal("", Admitted(Make.Allow(protocol: Protocol.FromNumber(47)), 6, 80));
        Assert.Equal(all, Admitted(Make.Allow(protocol: Protocol.Sctp), 132, 80));
        var not = new Rule { Action = "Allow", NotProtocol = Protocol.Udp };
        Assert.Equal("", Admitted(not, 17, 80));
        Assert.Equal(all, Admitted(not, 6, 80));
    }

    [Fact]
    public void Icmp_types_and_codes()
    {
        string all = string.Join(' ', Everybody);
        const ushort echo = 8 << 8;
        Rule Icmp(IcmpFields? icmp, IcmpFields? not = null) => new() { Action = "Allow", Protocol = Protocol.Icmp, Icmp = icmp, NotICMP = not };
        Assert.Equal(all, Admitted(Icmp(null), 1, echo));
        Assert.Equal(all, Admitted(Icmp(new() { Type = 8 }), 1, echo + 3));
        Assert.Equal("", Admitted(Icmp(new() { Type = 8, Code = 0 }), 1, echo + 3));
        Assert.Equal(all, Admitted(Icmp(new() { Type = 8, Code = 3 }), 1, echo + 3));
        Assert.Equal("", Admitted(Icmp(new() { Type = 3 }), 1, echo));
        Assert.Equal("", Admitted(Icmp(null, new() { Type = 8 }), 1, echo));
        Assert.Equal(all, Admitted(Icmp(null, new() { Type = 8, Code = 1 }), 1, echo));
        Assert.Equal("", Admitted(Icmp(null), 6, 80));
    }

    [Fact]
    public void The_ip_version_confines_a_rule()
    {
        Assert.Equal("", Admitted(new Rule { Action = "Allow", IpVersion = 6 }));
        Assert.Equal(string.Join(' ', Everybody), Admitted(new Rule { Action = "Allow", IpVersion = 4 }));
    }

    [Fact]
    public void A_service_as_source_is_its_addresses_and_as_destination_its_addresses_with_ports()
    {
        Assert.Equal("blue/c 203.0.113.1", AdmittedFrom(new() { Services = new() { Name = "svc", Namespace = "blue" } }));
        Assert.Equal("", AdmittedFrom(new() { Services = new() { Name = "svc" } }));

        var cluster = Cluster();
        cluster.Apply([Make.Policy("blue", "p", new() { Egress = [Make.Allow(null, new() { Services = new() { Name = "svc" } })] })]);
        bool Reaches(string to, byte protocol, ushort port) => cluster.Evaluate(End("blue/a"), End(to), protocol, port).Allowed;
        Assert.True(Reaches("203.0.113.1", 6, 8000));
        Assert.True(Reaches("blue/c", 6, 8000));
        Assert.False(Reaches("203.0.113.1", 17, 8000));
        Assert.False(Reaches("203.0.113.1", 6, 80));
        Assert.False(Reaches("10.9.0.1", 6, 8000));
    }
}
