using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>What is said about host endpoints, and when.</summary>
public sealed class HostEndpointGraphTests
{
    private readonly PolicyGraph _graph = new("n1");

    public HostEndpointGraphTests()
    {
        _graph.MarkInSync();
        _graph.Drain();
    }

    private IReadOnlyList<DataplaneUpdate> Apply(params Resource[] resources)
    {
        foreach (var resource in resources) _graph.Apply(Make.Update(resource));
        return _graph.Drain();
    }

    [Fact]
    public void Only_those_of_this_node_are_told_with_their_policies_at_each_hook()
    {
        var told = Apply(
            Make.Tier("default", 1e6),
            Make.Global("u", new() { DoNotTrack = true, ApplyOnForward = true, Types = ["Ingress", "Egress"] }),
            Make.Global("d", new() { PreDNAT = true, ApplyOnForward = true, Ingress = [Make.Deny()], Egress = [Make.Deny()] }),
            Make.Global("n", new() { Types = ["Ingress"] }),
            Make.Global("f", new() { ApplyOnForward = true, Types = ["Egress"] }),
            Make.Host("far", "n2", "eth0"), Make.Host("near", "n1", "eth0", "192.0.2.1", profiles: "p,p,q"));
        Assert.Equal(["PolicyUpdate", "PolicyUpdate", "PolicyUpdate", "PolicyUpdate", "ProfileUpdate", "ProfileUpdate", "HostEndpointUpdate"], told.Select(u => u.GetType().Name));
        var near = Assert.IsType<HostEndpointUpdate>(told[^1]);
        Assert.Equal("near n1 eth0 192.0.2.1", $"{near.Id} {near.Node} {near.InterfaceName} {near.Addresses.Single()}");
        Assert.Equal(
            ["Untracked Ingress Pass gnp:u", "Untracked Egress Pass gnp:u", "PreDnat Ingress Pass gnp:d", "Normal Ingress Deny gnp:n", "Normal Egress Deny gnp:f", "Forward Egress Deny gnp:f"],
            Tiers("Untracked", near.Untracked).Concat(Tiers("PreDnat", near.PreDnat)).Concat(Tiers("Normal", near.Normal)).Concat(Tiers("Forward", near.Forward)));
        Assert.Equal(["profile:p", "profile:q"], near.Profiles.Select(p => p.ToString()));

        static IEnumerable<string> Tiers(string hook, HookTiers tiers) =>
            from direction in new[] { PolicyDirection.Ingress, PolicyDirection.Egress }
            from tier in tiers.Of(direction)
            from policy in tier.Policies
            select $"{hook} {direction} {tier.DefaultAction} {policy}";
    }

    [Fact]
    public void The_profile_that_automatic_host_endpoints_list_allows_without_an_object_of_it()
    {
        var told = Apply(Make.Host("auto", "n1", "*", "192.0.2.1", profiles: "projectcalico-default-allow"));
        var profile = Assert.Single(told.OfType<ProfileUpdate>());
        Assert.Equal((1, 1), (profile.Ingress.Length, profile.Egress.Length));
        Assert.Empty(Apply(new Namespace { Metadata = new() { Name = "other" } }).OfType<ProfileUpdate>());
    }

    [Fact]
    public void Policies_for_hosts_alone_are_not_told_for_pods()
    {
        _graph.SetLocalEndpoint(Make.Local("red", "a", "10.0.0.1"));
        var told = Apply(
            Make.Namespace("red"), Make.Pod("red", "a", ""),
            Make.Global("u", new() { DoNotTrack = true, ApplyOnForward = true, Ingress = [Make.Deny(new() { Selector = "x == 'y'" })] }));
        Assert.Empty(told.OfType<PolicyUpdate>());
        Assert.Empty(told.OfType<IpSetUpdate>());
    }

    [Fact]
    public void An_endpoint_that_moves_to_another_node_goes_after_what_replaces_nothing()
    {
        Apply(Make.Global("n", new() { Types = ["Ingress"] }), Make.Host("e", "n1", "eth0", profiles: "p"));
        Assert.Equal(["HostEndpointRemove", "ProfileRemove", "PolicyRemove"], Apply(Make.Host("e", "n2", "eth0", profiles: "p")).Select(u => u.GetType().Name));
        Assert.Empty(Apply(Make.Host("e", "n3", "eth0", profiles: "p")));
    }

    [Fact]
    public void Changes_of_a_tier_reach_host_endpoints()
    {
        Apply(Make.Tier("default", 1e6), Make.Global("n", new() { Types = ["Ingress"] }), Make.Host("e", "n1", "eth0"));
        var told = Assert.IsType<HostEndpointUpdate>(Assert.Single(Apply(Make.Tier("default", 1e6, "Pass"))));
        Assert.Equal(TierDefaultAction.Pass, told.Normal.Ingress.Single().DefaultAction);
    }

    [Fact]
    public void Failsafe_ports_have_upstreams_defaults()
    {
        var settings = new NodeSettings();
        Assert.Equal("6:22 17:68 6:179 6:2379 6:2380 6:5473 6:6443 6:6666 6:6667", string.Join(' ', settings.FailsafeInbound));
        Assert.Equal("17:53 17:67 6:179 6:2379 6:2380 6:5473 6:6443 6:6666 6:6667", string.Join(' ', settings.FailsafeOutbound));
        var told = Assert.IsType<NodeSettings>(Assert.Single(Apply(Make.Named(new FelixConfiguration { Spec = new() { FailsafeInboundHostPorts = [new() { Protocol = "udp", Port = 1, Net = "10.0.0.0/8" }], FailsafeOutboundHostPorts = [] } }, "", "default"))));
        Assert.Equal([new FailsafePort(17, 1, IpPrefix.Parse("10.0.0.0/8"))], told.FailsafeInbound);
        Assert.Empty(told.FailsafeOutbound);
    }
}
