using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>What is said, and when, for changes that one meets.</summary>
public sealed class PolicyGraphTests
{
    private readonly PolicyGraph _graph = new("node-1");

    public PolicyGraphTests()
    {
        Apply(
            Make.Namespace("red"), Make.Tier("default", 1e6), Make.Pod("red", "server", "", "app=server"),
            Make.Policy("red", "p", new() { Selector = "app == 'server'", Types = ["Ingress"], Ingress = [Make.Allow(new() { Selector = "app == 'client'" })] }));
        _graph.SetLocalEndpoint(Make.Local("red", "server", "10.0.0.1"));
        _graph.MarkInSync();
    }

    private void Apply(params Resource[] resources)
    {
        foreach (var resource in resources) _graph.Apply(Make.Update(resource));
    }

    private static string Show(IpSetMember member) => member.ToString();

    [Fact]
    public void The_first_words_are_the_whole_world_in_order()
    {
        var said = _graph.Drain();
        Assert.Equal(
            ["NodeSettings", "PoolsUpdate", "IpSetUpdate", "PolicyUpdate", "ProfileUpdate", "WorkloadEndpointUpdate", "InSync"],
            said.Select(u => u.GetType().Name));
        var endpoint = said.OfType<WorkloadEndpointUpdate>().Single();
        Assert.Equal("red/server/eth0 cali-server 10.0.0.1", $"{endpoint.Id} {endpoint.HostInterface} {endpoint.Addresses.Single()}");
        Assert.Equal([new TierBinding("default", TierDefaultAction.Deny, [new PolicyId(PolicyKind.NetworkPolicy, "red", "p")])], endpoint.IngressTiers);
        Assert.Empty(endpoint.EgressTiers);
    }

    [Fact]
    public void A_remote_pod_is_one_difference_and_nothing_else()
    {
        _graph.Drain();
        Apply(Make.Pod("red", "client", "10.0.9.1,fd00::1", "app=client"));
        var delta = Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain()));
        Assert.Equal(["10.0.9.1/32", "fd00::1/128"], delta.Added.Select(Show));
        Assert.Empty(delta.Removed);
        Apply(Make.Pod("red", "client", "10.0.9.2", "app=client"));
        delta = Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain()));
        Assert.Equal(["10.0.9.2/32"], delta.Added.Select(Show));
        Assert.Equal(["10.0.9.1/32", "fd00::1/128"], delta.Removed.Select(Show));
        Apply(Make.Pod("red", "other", "10.0.9.3", "app=other"));
        Assert.Empty(_graph.Drain());
    }

    [Fact]
    public void An_address_stays_as_long_as_anybody_claims_it()
    {
        Apply(Make.Pod("red", "one", "10.0.9.1", "app=client"), Make.Pod("red", "two", "10.0.9.1", "app=client"));
        _graph.Drain();
        _graph.Apply(Make.Gone(Make.Pod("red", "one", "")));
        Assert.Empty(_graph.Drain());
        var finished = Make.Pod("red", "two", "10.0.9.1", "app=client");
        finished.Status!.Phase = "Succeeded";
        Apply(finished);
        Assert.Equal(["10.0.9.1/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Removed.Select(Show));
    }

    [Fact]
    public void Addresses_of_the_wiring_win_over_those_of_the_status()
    {
        _graph.Drain();
        Apply(Make.Pod("red", "client", "10.0.9.1", "app=client"));
        _graph.SetLocalEndpoint(Make.Local("red", "client", "10.0.9.2"));
        Assert.Equal(["10.0.9.2/32"], _graph.Drain().OfType<IpSetDelta>().Single().Added.Select(Show));
        _graph.RemoveLocalEndpoint("red", "client");
        var said = _graph.Drain();
        Assert.Equal(["10.0.9.1/32"], said.OfType<IpSetDelta>().Single().Added.Select(Show));
        Assert.Contains(new WorkloadEndpointRemove(new EndpointId("red", "client", "eth0")), said);
    }

    [Fact]
    public void When_the_last_selected_endpoint_goes_everything_goes_in_reverse_order()
    {
        _graph.Drain();
        _graph.RemoveLocalEndpoint("red", "server");
        Assert.Equal(
            ["WorkloadEndpointRemove", "ProfileRemove", "PolicyRemove", "IpSetRemove"], _graph.Drain().Select(u => u.GetType().Name));
    }

    [Fact]
    public void An_edited_policy_keeps_the_sets_that_it_still_uses()
    {
        _graph.Drain();
        Apply(Make.Policy("red", "p", new()
        {
            Selector = "app  ==  \"server\"",
            Types = ["Ingress"],
            Ingress = [Make.Deny(new() { Selector = "app in {'bad'}" }), Make.Allow(new() { Selector = " (app == \"client\") " })],
        }));
        Assert.Equal(["IpSetUpdate", "PolicyUpdate"], _graph.Drain().Select(u => u.GetType().Name));
    }

    [Fact]
    public void Rules_that_mean_the_same_share_a_set_whoever_wrote_them()
    {
        Apply(
            Make.Policy("red", "q", new() { Ingress = [Make.Allow(new() { Selector = "app=='client'" })] }),
            Make.Global("r", new() { Ingress = [Make.Allow(new() { Selector = "projectcalico.org/namespace == 'red' && app == 'client'" })] }));
        Assert.Single(_graph.Drain().OfType<IpSetUpdate>());
    }

    [Fact]
    public void Labels_of_the_namespace_reach_sets_policies_and_network_sets()
    {
        Apply(
            Make.Namespace("blue"), Make.Pod("blue", "x", "10.0.9.1"), Make.Set("blue", "s", "", "192.0.2.0/24"),
            Make.Global("g", new() { NamespaceSelector = "team == 't'", Types = ["Ingress"], Ingress = [Make.Allow(new() { NamespaceSelector = "team == 't'" })] }));
        _graph.Drain();
        Apply(Make.Namespace("blue", "team=t"));
        Assert.Empty(_graph.Drain());
        Apply(Make.Namespace("red", "team=t"));
        var said = _graph.Drain();
        var set = said.OfType<IpSetUpdate>().Single();
        Assert.Equal(["10.0.0.1/32", "10.0.9.1/32", "192.0.2.0/24"], set.Members.Select(Show));
        Assert.Equal(2, said.OfType<WorkloadEndpointUpdate>().Single().IngressTiers.Single().Policies.Length);
        Apply(Make.Namespace("blue", "team=u"));
        Assert.Equal(["10.0.9.1/32", "192.0.2.0/24"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Removed.Select(Show));
    }

    [Fact]
    public void Named_ports_include_those_of_init_containers()
    {
        var pod = Make.Pod("red", "server", "", "app=server", ports: "web:80,web:81");
        pod.Spec.InitContainers = [new Container { Ports = [new() { Name = "web", Number = 90 }, new() { Name = "web", Number = 91, Protocol = "UDP" }, new() { Name = "web", Number = 0 }] }];
        Apply(pod, Make.Policy("red", "p", new() { Ingress = [Make.Allow(null, new() { Ports = [PolicyPort.Named("web")] }, Protocol.Tcp)] }));
        var set = _graph.Drain().OfType<IpSetUpdate>().Single();
        Assert.Equal(IpSetKind.AddressAndPort, set.Kind);
        Assert.Equal(["10.0.0.1,6:80", "10.0.0.1,6:81", "10.0.0.1,6:90"], set.Members.Select(Show));
    }

    [Fact]
    public void A_service_is_its_slices_and_only_without_any_its_endpoints_object()
    {
        Apply(Make.Policy("red", "p", new() { Types = ["Egress"], Egress = [Make.Allow(null, new() { Services = new() { Name = "svc" } })] }));
        Assert.Empty(_graph.Drain().OfType<IpSetUpdate>().Single().Members);
        Apply(Make.Named(new Endpoints { Subsets = [new() { Addresses = [new() { Ip = "10.0.9.1" }], NotReadyAddresses = [new() { Ip = "10.0.9.2" }], Ports = [new() { Port = 80 }] }] }, "red", "svc"));
        Assert.Equal(["10.0.9.1,6:80", "10.0.9.2,6:80"], Delta().Added.Select(Show));
        Apply(Make.Slice("red", "svc-a", "svc", ["10.0.9.1", "10.0.9.3", "backend.example.org"], (null, 80), ("UDP", 53), ("SCTP", null)));
        var delta = Delta();
        Assert.Equal(["10.0.9.1,17:53", "10.0.9.3,6:80", "10.0.9.3,17:53"], delta.Added.Select(Show));
        Assert.Equal(["10.0.9.2,6:80"], delta.Removed.Select(Show));
        Apply(Make.Slice("red", "svc-b", "svc", ["10.0.9.3"], (null, 80)));
        Assert.Empty(_graph.Drain());
        Apply(Make.Slice("red", "svc-a", "elsewhere", ["10.0.9.1"], (null, 80)));
        Assert.Equal(["10.0.9.1,6:80", "10.0.9.1,17:53", "10.0.9.3,17:53"], Delta().Removed.Select(Show));

        IpSetDelta Delta() => Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain()));
    }

    [Fact]
    public void Settings_of_the_node_win_field_by_field_over_the_default()
    {
        _graph.Drain();
        Apply(
            Make.Named(new FelixConfiguration { Spec = new() { InterfacePrefix = "cali, tap", DefaultEndpointToHostAction = "Accept", LogPrefix = "x" } }, "", "default"),
            Make.Named(new FelixConfiguration { Spec = new() { DefaultEndpointToHostAction = "RETURN", DisableConntrackInvalidCheck = true, Ipv6Support = false, NftablesFilterDenyAction = "Reject" } }, "", "node.node-1"),
            Make.Named(new FelixConfiguration { Spec = new() { LogPrefix = "other" } }, "", "node.node-2"));
        var expected = new NodeSettings
        {
            InterfacePrefixes = ["cali", "tap"],
            EndpointToHost = EndpointToHostAction.Return,
            DropInvalid = false,
            LogPrefix = "x",
            RejectInsteadOfDrop = true,
            Ipv6 = false,
        };
        Assert.Equal([expected], _graph.Drain());
        _graph.Apply(Make.Gone(Make.Named(new FelixConfiguration(), "", "node.node-1")));
        Assert.Equal(EndpointToHostAction.Accept, Assert.IsType<NodeSettings>(Assert.Single(_graph.Drain())).EndpointToHost);
    }

    [Fact]
    public void Pools_are_told_together_and_sorted()
    {
        _graph.Drain();
        IPPool Pool(string name, string cidr, bool nat) => Make.Named(new IPPool { Spec = new() { Cidr = cidr, NatOutgoing = nat, Disabled = true } }, "", name);
        Apply(Pool("b", "fd00::/64", false), Pool("a", "10.1.0.0/16", true), Pool("c", "10.0.0.0/16", false), Pool("d", "junk", true));
        Assert.Equal(
            [new PoolsUpdate([new(IpPrefix.Parse("10.0.0.0/16"), false), new(IpPrefix.Parse("10.1.0.0/16"), true), new(IpPrefix.Parse("fd00::/64"), false)])],
            _graph.Drain());
    }

    [Fact]
    public void Changes_of_a_tier_reach_the_endpoints()
    {
        _graph.Drain();
        Apply(Make.Tier("default", 1e6, "Pass"));
        Assert.Equal(TierDefaultAction.Pass, Assert.IsType<WorkloadEndpointUpdate>(Assert.Single(_graph.Drain())).IngressTiers.Single().DefaultAction);
        Apply(Make.Tier("default", 5, "Pass"));
        Assert.Empty(_graph.Drain());
    }
}
