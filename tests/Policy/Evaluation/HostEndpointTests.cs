using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Host endpoints: packets to a host, from it and through it.</summary>
public sealed class HostEndpointTests
{
    private static readonly HostInterface Eth0 = new("eth0", [IpAddr.Parse("192.0.2.10")]);
    private static readonly HostInterface Eth1 = new("eth1", [IpAddr.Parse("198.51.100.10")]);
    private static readonly PassageEnd ToHost = new PassageEnd.Host();
    private static readonly PassageEnd At0 = new PassageEnd.Beyond(Eth0);
    private static readonly PassageEnd At1 = new PassageEnd.Beyond(Eth1);
    private static readonly PassageEnd Pod = new PassageEnd.Workload(new EndpointId("red", "a", "eth0"));
    private static readonly EntityRule Port80 = new() { Ports = [PolicyPort.Single(80)] };

    private readonly ClusterPolicy _cluster = new();

    public HostEndpointTests() => _cluster.Apply([
        Make.Namespace("red"), Make.Pod("red", "a", "10.0.0.1"), Make.Tier("default", 1e6), Make.Tier("security", 100),
        Make.Named(new Profile { Spec = new() { Ingress = [Make.Allow()], Egress = [Make.Allow()] } }, "", "open")]);

    private static Packet Packet(ushort port = 80, byte protocol = 6, ushort sourcePort = 49152) =>
        new(IpAddr.Parse("203.0.113.1"), IpAddr.Parse("192.0.2.10"), protocol) { DestinationPort = port, SourcePort = sourcePort };

    private PassageVerdict Ask(PassageEnd from, PassageEnd to, Packet? packet = null) =>
        _cluster.Evaluate("n1", new HostPassage(from, to, packet ?? Packet()));

    private void Global(string name, Action<GlobalNetworkPolicySpec> fill)
    {
        var spec = new GlobalNetworkPolicySpec { Selector = "has(host)" };
        fill(spec);
        _cluster.Apply([Make.Global(name, spec)]);
    }

    private static string Show(PassageVerdict verdict) => $"{verdict.Outcome} {verdict.Decisive?.Hook} {verdict.Decisive?.Verdict.Reason} {verdict.Decisive?.Verdict.Decider}";

    [Fact]
    public void An_interface_without_an_endpoint_is_left_alone() =>
        Assert.Equal([PassageOutcome.LeftAlone, PassageOutcome.LeftAlone, PassageOutcome.LeftAlone], [Ask(At0, ToHost).Outcome, Ask(ToHost, At0).Outcome, Ask(At0, At1).Outcome]);

    [Fact]
    public void An_endpoint_without_policy_and_profile_is_closed_to_the_host_and_open_to_forwarding()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0")]);
        Assert.Equal("Denied Normal NoProfile ", Show(Ask(At0, ToHost)));
        Assert.Equal("Denied Normal NoProfile ", Show(Ask(ToHost, At0)));
        Assert.Equal(PassageOutcome.LeftAlone, Ask(At0, At1).Outcome);
        Assert.Equal(PassageOutcome.LeftAlone, Ask(At1, ToHost).Outcome);
        Assert.Equal(PassageOutcome.LeftAlone, _cluster.Evaluate("n2", new HostPassage(At0, ToHost, Packet())).Outcome);
        _cluster.Apply([Make.Host("e", "n1", "eth0", profiles: "open")]);
        Assert.Equal("Allowed Normal Rule -/profile:open/ingress/0", Show(Ask(At0, ToHost)));
    }

    [Fact]
    public void An_endpoint_without_an_interface_name_is_where_one_of_its_addresses_is()
    {
        _cluster.Apply([Make.Host("e", "n1", null, "192.0.2.10")]);
        Assert.False(Ask(At0, ToHost).Passes);
        Assert.True(Ask(At1, ToHost).Passes);
        // A name that does not fit is not made up for by an address.
        _cluster.Apply([Make.Host("e", "n1", "eth7", "192.0.2.10")]);
        Assert.True(Ask(At0, ToHost).Passes);
    }

    [Fact]
    public void The_first_by_name_governs_an_interface_and_one_for_all_interfaces_the_rest()
    {
        _cluster.Apply([Make.Host("b", "n1", "eth0"), Make.Host("a", "n1", null, "192.0.2.10"), Make.Host("0", "n1", "*"), Make.Host("1", "n1", "*")]);
        Assert.Equal("a", Ask(At0, ToHost).Hooks.Single().HostEndpoint.ToString());
        Assert.Equal("0", Ask(At1, ToHost).Hooks.Single().HostEndpoint.ToString());
    }

    [Fact]
    public void Failsafe_ports_are_open_whatever_policy_says()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x")]);
        Global("deny", s => (s.Types, s.Ingress, s.Egress) = (["Ingress", "Egress"], [Make.Deny()], [Make.Deny()]));
        Assert.Equal("Allowed Normal Failsafe ", Show(Ask(At0, ToHost, Packet(22))));
        Assert.Equal("Allowed Normal Failsafe ", Show(Ask(ToHost, At0, Packet(53, 17))));
        Assert.False(Ask(At0, ToHost, Packet(53, 17)).Passes);
        Assert.False(Ask(ToHost, At0, Packet(22)).Passes);
        foreach (ushort port in (ushort[])[179, 2379, 2380, 5473, 6443, 6666, 6667])
            Assert.True(Ask(At0, ToHost, Packet(port)).Passes && Ask(ToHost, At0, Packet(port)).Passes);
        Assert.True(Ask(At0, ToHost, Packet(68, 17)).Passes && Ask(ToHost, At0, Packet(67, 17)).Passes);
    }

    [Fact]
    public void Failsafe_ports_follow_the_configuration()
    {
        _cluster.Apply([
            Make.Host("e", "n1", "eth0"),
            Make.Named(
                new FelixConfiguration { Spec = new() { FailsafeInboundHostPorts = [new() { Port = 2222, Net = "203.0.113.0/24" }, new() { Protocol = "sctp", Port = 7 }, new() { Protocol = "x", Port = 8 }, new() { Port = 9, Net = "?" }], FailsafeOutboundHostPorts = [] } },
                "", "default")]);
        Assert.True(Ask(At0, ToHost, Packet(2222)).Passes);
        Assert.False(Ask(At0, ToHost, Packet(2222) with { Source = IpAddr.Parse("203.0.112.1") }).Passes);
        Assert.True(Ask(At0, ToHost, Packet(7, 132)).Passes);
        Assert.False(Ask(At0, ToHost, Packet(8)).Passes);
        Assert.False(Ask(At0, ToHost, Packet(9)).Passes);
        Assert.False(Ask(At0, ToHost, Packet(22)).Passes);
        Assert.False(Ask(ToHost, At0, Packet(53, 17)).Passes);
    }

    [Fact]
    public void Normal_policy_is_for_the_host_itself_and_with_apply_on_forward_for_what_it_forwards_too()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x"), Make.Host("f", "n1", "eth1", labels: "host=x")]);
        Global("p", s => (s.Ingress, s.Egress) = ([Make.Allow(null, Port80, Protocol.Tcp)], [Make.Allow()]));
        Assert.Equal("Allowed Normal Rule default/gnp:p/ingress/0", Show(Ask(At0, ToHost)));
        Assert.Equal("Denied Normal EndOfTier default/gnp:p/ingress/-1", Show(Ask(At0, ToHost, Packet(81))));
        Assert.Equal(PassageOutcome.LeftAlone, Ask(At0, At1, Packet(81)).Outcome);
        Global("p", s => (s.ApplyOnForward, s.Ingress) = (true, [Make.Allow(null, Port80, Protocol.Tcp)]));
        Assert.Equal("Allowed Forward Rule default/gnp:p/ingress/0", Show(Ask(At0, At1)));
        // Failsafes are not for forwarded traffic, and profiles are not asked.
        Assert.Equal("Denied Forward EndOfTier default/gnp:p/ingress/-1", Show(Ask(At0, At1, Packet(22))));
        Assert.Equal("Denied Forward EndOfTier default/gnp:p/ingress/-1", Show(Ask(At0, Pod, Packet(81))));
        // No policy for forwarded traffic in that direction: it passes.
        Assert.Equal("Allowed  Rule -/profile:kns.red/egress/0", Show(Ask(Pod, At0, Packet(81))));
    }

    [Fact]
    public void Forwarded_traffic_meets_both_interfaces_and_the_workloads_policy()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x"), Make.Host("f", "n1", "eth1", labels: "host=x")]);
        Global("p", s => (s.ApplyOnForward, s.Types, s.Ingress, s.Egress) = (true, ["Ingress", "Egress"], [Make.Allow()], [Make.Deny()]));
        var through = Ask(At0, At1);
        Assert.Equal("Denied Forward Rule default/gnp:p/egress/0", Show(through));
        Assert.Equal(["e Ingress", "f Egress"], through.Hooks.Select(h => $"{h.HostEndpoint} {h.Direction}"));
        Assert.False(Ask(Pod, At1).Passes);
        Assert.True(Ask(At0, Pod).Passes);
        _cluster.Apply([Make.Policy("red", "np", new() { Ingress = [Make.Deny()] })]);
        Assert.Equal("Denied  Rule default/np:red/np/ingress/0", Show(Ask(At0, Pod)));
        Assert.Equal(PassageOutcome.LeftAlone, Ask(ToHost, Pod).Outcome);
    }

    [Fact]
    public void What_pre_dnat_policy_allows_skips_normal_policy_and_what_it_leaves_open_does_not()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x")]);
        Global("n", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny(null, new() { Ports = [PolicyPort.Single(30001)] }, Protocol.Tcp), Make.Allow(null, new() { Ports = [PolicyPort.Single(30000)] }, Protocol.Tcp)]));
        Assert.Equal("Allowed PreDnat Rule default/gnp:n/ingress/1", Show(Ask(At0, ToHost, Packet(30000))));
        Assert.Equal("Denied PreDnat Rule default/gnp:n/ingress/0", Show(Ask(At0, ToHost, Packet(30001))));
        Assert.Equal("Denied Normal NoProfile ", Show(Ask(At0, ToHost)));
        Assert.Equal(PassageOutcome.LeftAlone, Ask(At0, At1).Outcome);
        Assert.Equal("Denied Normal NoProfile ", Show(Ask(ToHost, At0, Packet(30000))));
        // The rules see the address before it is translated; the workload's policy sees the one after.
        _cluster.Apply([Make.Policy("red", "np", new() { Ingress = [Make.Allow(null, Port80, Protocol.Tcp)] })]);
        var passage = new HostPassage(At0, Pod, Packet(30000)) { Translated = Packet(80) };
        Assert.True(_cluster.Evaluate("n1", passage).Passes);
        Assert.False(_cluster.Evaluate("n1", passage with { Packet = Packet(30001) }).Passes);
        Assert.False(_cluster.Evaluate("n1", passage with { Translated = Packet(81) }).Passes);
    }

    [Fact]
    public void What_pre_dnat_policy_allows_is_still_subject_to_the_interface_it_leaves_by()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x"), Make.Host("f", "n1", "eth1", labels: "host=x")]);
        Global("n", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Allow()]));
        Global("p", s => (s.ApplyOnForward, s.Types, s.Ingress, s.Egress) = (true, ["Ingress", "Egress"], [Make.Deny()], [Make.Allow(null, Port80, Protocol.Tcp)]));
        Assert.True(Ask(At0, At1).Passes);
        Assert.Equal("Denied Forward EndOfTier default/gnp:p/egress/-1", Show(Ask(At0, At1, Packet(81))));
    }

    [Fact]
    public void Untracked_policy_comes_first_and_what_it_allows_is_not_tracked()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x")]);
        Global("u", s => (s.DoNotTrack, s.ApplyOnForward, s.Types, s.Ingress, s.Egress) = (true, true, ["Ingress", "Egress"], [Make.Allow(null, Port80, Protocol.Tcp), Make.Deny(protocol: Protocol.Udp)], [Make.Allow(Port80, null, Protocol.Tcp)]));
        Global("n", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny(protocol: Protocol.Tcp)]));
        var allowed = Ask(At0, ToHost);
        Assert.Equal("Allowed Untracked Rule default/gnp:u/ingress/0", Show(allowed));
        Assert.False(allowed.IsTracked);
        Assert.Equal("Denied PreDnat Rule default/gnp:n/ingress/0", Show(Ask(At0, ToHost, Packet(81))));
        Assert.Equal("Denied Untracked Rule default/gnp:u/ingress/1", Show(Ask(At0, ToHost, Packet(1, 17))));
        Assert.Equal("Allowed Untracked Rule default/gnp:u/egress/0", Show(Ask(ToHost, At0, Packet(50000, sourcePort: 80))));
        // Of what is forwarded only the way in is asked.
        Assert.Equal(["Untracked"], Ask(At0, At1).Hooks.Select(h => h.Hook.ToString()!));
        Assert.Empty(Ask(At1, At0).Hooks.Where(h => h.Hook == PolicyHook.Untracked));
        Assert.True(Ask(At0, ToHost, Packet(179)).IsTracked);
        // An answer to a failsafe connection of the host stays tracked, and is not denied here.
        Assert.Equal(VerdictReason.Failsafe, Ask(At0, ToHost, Packet(50000, 17, 53)).Hooks[0].Verdict.Reason);
    }

    [Fact]
    public void All_interfaces_at_once_cannot_be_untracked()
    {
        _cluster.Apply([Make.Host("e", "n1", "*", labels: "host=x", profiles: "open")]);
        Global("u", s => (s.DoNotTrack, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny()]));
        Assert.True(Ask(At0, ToHost).Passes);
        Global("u", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny()]));
        Assert.False(Ask(At0, ToHost).Passes);
        Assert.False(Ask(Pod, At0).Passes);
    }

    [Fact]
    public void Pre_dnat_policy_for_all_interfaces_holds_where_the_interfaces_own_endpoint_has_none()
    {
        _cluster.Apply([Make.Host("a", "n1", "*", labels: "host=x"), Make.Host("e", "n1", "eth0", labels: "own=x", profiles: "open")]);
        Global("n", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny()]));
        Assert.Equal("Denied PreDnat Rule default/gnp:n/ingress/0", Show(Ask(At0, ToHost)));
        Global("o", s => (s.Selector, s.PreDNAT, s.ApplyOnForward, s.Ingress) = ("has(own)", true, true, [Make.Allow()]));
        Assert.Equal("Allowed PreDnat Rule default/gnp:o/ingress/0", Show(Ask(At0, ToHost)));
    }

    [Fact]
    public void A_tier_of_an_early_hook_never_drops_at_its_end_but_pass_and_order_hold()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "host=x", profiles: "open")]);
        Global("first", s => (s.Tier, s.PreDNAT, s.ApplyOnForward, s.Ingress) = ("security", true, true, [Make.Rule("Pass", null, Port80, Protocol.Tcp)]));
        Global("second", s => (s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, [Make.Deny(null, Port80, Protocol.Tcp)]));
        Assert.Equal("Denied PreDnat Rule default/gnp:second/ingress/0", Show(Ask(At0, ToHost)));
        Assert.Equal("Allowed Normal Rule -/profile:open/ingress/0", Show(Ask(At0, ToHost, Packet(81))));
    }

    [Theory]
    [InlineData(null, PassageOutcome.Denied)]
    [InlineData("Drop", PassageOutcome.Denied)]
    [InlineData("Return", PassageOutcome.LeftAlone)]
    [InlineData("Accept", PassageOutcome.Allowed)]
    public void A_workload_reaches_its_own_host_as_its_policy_and_then_the_nodes_setting_say(string? action, PassageOutcome expected)
    {
        _cluster.Apply([Make.Host("e", "n1", "*"), Make.Named(new FelixConfiguration { Spec = new() { DefaultEndpointToHostAction = action } }, "", "default")]);
        Assert.Equal(expected, Ask(Pod, ToHost).Outcome);
        _cluster.Apply([Make.Policy("red", "np", new() { Types = ["Egress"] })]);
        var denied = Ask(Pod, ToHost);
        Assert.Equal("Denied  EndOfTier default/np:red/np/egress/-1", Show(denied));
        Assert.Null(denied.EndpointToHost);
    }

    [Fact]
    public void Policies_for_hosts_select_by_the_endpoints_labels_and_those_of_its_profiles()
    {
        _cluster.Apply([
            Make.Host("e", "n1", "eth0", profiles: "p"),
            Make.Named(new Profile { Spec = new() { LabelsToApply = Make.Labels("role=router") } }, "", "p")]);
        Global("g", s => (s.Selector, s.Ingress) = ("role == 'router'", [Make.Allow()]));
        Assert.True(Ask(At0, ToHost).Passes);
        Global("g", s => (s.Selector, s.NamespaceSelector, s.Ingress) = ("role == 'router'", "all()", [Make.Allow()]));
        Assert.False(Ask(At0, ToHost).Passes);
        Global("g", s => (s.Selector, s.NamespaceSelector, s.Ingress) = ("role == 'router'", "global()", [Make.Allow()]));
        Assert.True(Ask(At0, ToHost).Passes);
    }

    [Fact]
    public void A_host_endpoint_cannot_pretend_to_be_a_workload()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", labels: "projectcalico.org/namespace=red,projectcalico.org/orchestrator=k8s,app=x")]);
        _cluster.Apply([Make.Policy("red", "np", new() { Selector = "app == 'x'", Ingress = [Make.Allow()] }), Make.Kube("red", "knp", new() { Ingress = [new()] })]);
        Assert.Equal("Denied Normal NoProfile ", Show(Ask(At0, ToHost)));
        Global("u", s => (s.Selector, s.DoNotTrack, s.ApplyOnForward, s.Ingress) = ("all()", true, true, [Make.Allow()]));
        Assert.Equal("Allowed Untracked Rule default/gnp:u/ingress/0", Show(Ask(At0, ToHost)));
        Assert.DoesNotContain(_cluster.State.Endpoints[new EndpointId("red", "a", "eth0")].IngressTiers.SelectMany(t => t.Policies), p => p.Name == "u");
    }

    [Fact]
    public void The_expected_addresses_and_named_ports_of_every_nodes_endpoints_are_what_rules_mean()
    {
        _cluster.Apply([
            Make.Host("far", "n2", "eth0", "203.0.113.1,2001:db8::7", "role=gateway"), Make.Host("near", "n1", "eth0", "192.0.2.10", "host=x"),
            Make.Policy("red", "np", new() { Types = ["Egress"], Egress = [Make.Allow(null, new() { Selector = "role == 'gateway'", NamespaceSelector = "global()", Ports = [PolicyPort.Named("api")] }, Protocol.Tcp)] })]);
        bool Reaches(string to, ushort port) => _cluster.Evaluate(FlowEnd.Pod("red", "a"), FlowEnd.At(IpAddr.Parse(to)), 6, port).Allowed;
        Assert.True(Reaches("203.0.113.1", 8443));
        Assert.False(Reaches("203.0.113.1", 8444));
        Assert.False(Reaches("192.0.2.10", 8443));
        Global("g", s => s.Ingress = [Make.Allow(new() { Selector = "role == 'gateway'" })]);
        Assert.True(Ask(At0, ToHost).Passes);
        Assert.False(Ask(At0, ToHost, Packet() with { Source = IpAddr.Parse("203.0.113.2") }).Passes);
    }

    [Fact]
    public void A_policy_that_is_both_untracked_and_pre_dnat_is_closed()
    {
        _cluster.Apply([Make.Host("e", "n1", "eth0", profiles: "open")]);
        Global("g", s => (s.DoNotTrack, s.PreDNAT, s.ApplyOnForward, s.Ingress) = (true, true, true, [Make.Allow()]));
        Assert.Equal("Denied Untracked Rule default/gnp:g/ingress/0", Show(Ask(At0, ToHost)));
        Assert.Equal("doNotTrack: not together with preDNAT", Assert.Single(_cluster.Problems).Text);
        Assert.True(Ask(At0, ToHost, Packet(22)).Passes);
    }
}
