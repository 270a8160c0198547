using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Tiers, orders, actions, profiles: who decides.</summary>
public sealed class TierTests
{
    private readonly ClusterPolicy _cluster = new();

    public TierTests() => _cluster.Apply([
        Make.Namespace("red"), Make.Pod("red", "client", "10.0.0.1"), Make.Pod("red", "server", "10.0.0.2", "app=server"),
        Make.Tier("default", 1e6), Make.Tier("security", 100), Make.Tier("platform", 200, "Pass")]);

    private Verdict Ingress(ushort port = 80) => _cluster.Evaluate(FlowEnd.At(IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "server"), 6, port).Ingress!;

    private void Policy(string name, string tier, double? order, params Rule[] rules) =>
        _cluster.Apply([Make.Policy("red", name, new() { Tier = tier, Order = order, Selector = "app == 'server'", Types = ["Ingress"], Ingress = [.. rules] })]);

    private string Decider(ushort port = 80)
    {
        var verdict = Ingress(port);
        return $"{(verdict.Allowed ? "allow" : "deny")} {verdict.Reason} {verdict.Decider}";
    }

    [Fact]
    public void An_endpoint_that_no_policy_selects_is_open_by_its_namespaces_profile() =>
        Assert.Equal("allow Rule -/profile:kns.red/ingress/0", Decider());

    [Fact]
    public void A_policy_without_rules_denies_in_its_directions_only()
    {
        Policy("deny", "default", null);
        Assert.Equal("deny EndOfTier default/np:red/deny/ingress/-1", Decider());
        Assert.True(_cluster.Evaluate(FlowEnd.Pod("red", "server"), FlowEnd.Pod("red", "client"), 6, 80).Allowed);
    }

    [Fact]
    public void Tiers_are_asked_in_their_order_and_pass_leads_to_the_next()
    {
        Policy("last", "default", 1, Make.Allow());
        Policy("first", "security", 9, Make.Rule("Pass", null, new() { Ports = [PolicyPort.Single(80)] }, Protocol.Tcp), Make.Deny());
        Assert.Equal("allow Rule default/np:red/last/ingress/0", Decider());
        Assert.Equal("deny Rule security/np:red/first/ingress/1", Decider(81));
        _cluster.Apply([Make.Tier("security", 2e6)]);
        Assert.Equal("allow Rule default/np:red/last/ingress/0", Decider(81));
    }

    [Fact]
    public void Pass_in_the_last_tier_and_a_passing_tiers_end_lead_to_the_profiles()
    {
        Policy("p", "platform", null, Make.Deny(protocol: Protocol.Udp));
        Assert.Equal("allow Rule -/profile:kns.red/ingress/0", Decider());
        Policy("d", "default", null, Make.Rule("Pass"));
        Assert.Equal("allow Rule -/profile:kns.red/ingress/0", Decider());
        Assert.Contains(Ingress().Trace, s => s is TierEnded { Tier: "platform" });
    }

    [Fact]
    public void Policies_are_asked_by_order_then_name_then_namespace_then_kind()
    {
        Policy("b", "default", 10, Make.Deny());
        Policy("a", "default", 10, Make.Allow());
        Assert.Equal("allow Rule default/np:red/a/ingress/0", Decider());
        Policy("z", "default", 9.5, Make.Deny());
        Assert.Equal("deny Rule default/np:red/z/ingress/0", Decider());
        Policy("z", "default", null, Make.Deny());
        Assert.Equal("allow Rule default/np:red/a/ingress/0", Decider());
        // "a//GlobalNetworkPolicy" stands before "a/red/NetworkPolicy".
        _cluster.Apply([Make.Global("a", new() { Order = 10, Ingress = [Make.Deny()] })]);
        Assert.Equal("deny Rule default/gnp:a/ingress/0", Decider());
    }

    [Fact]
    public void The_first_match_decides_and_log_goes_on()
    {
        Policy("p", "default", 1, Make.Rule("Log"), Make.Deny(protocol: Protocol.Udp), Make.Allow(), Make.Deny());
        var verdict = Ingress();
        Assert.Equal("default/np:red/p/ingress/2", verdict.Decider.ToString());
        Assert.Equal(
            [(0, true), (1, false), (2, true)], verdict.Trace.OfType<RuleVisited>().Select(r => (r.Rule.Index, r.Matched)));
    }

    [Fact]
    public void A_tier_that_does_not_exist_comes_last_and_denies()
    {
        Policy("p", "nowhere", 1, Make.Allow(protocol: Protocol.Udp));
        Assert.Equal("deny EndOfTier nowhere/np:red/p/ingress/-1", Decider());
        Policy("d", "default", 1, Make.Allow());
        Assert.Equal("allow Rule default/np:red/d/ingress/0", Decider());
        _cluster.Apply([Make.Tier("nowhere", 1)]);
        Assert.Equal("deny EndOfTier nowhere/np:red/p/ingress/-1", Decider());
    }

    [Fact]
    public void Without_its_namespace_an_endpoint_is_closed()
    {
        _cluster.Apply(Make.Gone(Make.Namespace("red")));
        Assert.Equal("deny NoProfile -/profile:kns.red/ingress/-1", Decider());
    }

    [Fact]
    public void A_profile_object_replaces_the_implied_one()
    {
        _cluster.Apply([Make.Named(new Profile { Spec = new() { Ingress = [Make.Deny(protocol: Protocol.Tcp), Make.Allow()], LabelsToApply = Make.Labels("x=y") } }, "", "kns.red")]);
        Assert.Equal("deny Rule -/profile:kns.red/ingress/0", Decider());
        _cluster.Apply([Make.Global("by-label", new() { Selector = "x == 'y'", Ingress = [Make.Allow()] })]);
        Assert.Equal("allow Rule default/gnp:by-label/ingress/0", Decider());
        Assert.Equal("deny NoProfile -/profile:kns.red/egress/-1", Show(_cluster.Evaluate(FlowEnd.Pod("red", "client"), FlowEnd.At(IpAddr.Parse("192.0.2.1")), 6, 80).Egress!));

        static string Show(Verdict verdict) => $"{(verdict.Allowed ? "allow" : "deny")} {verdict.Reason} {verdict.Decider}";
    }

    [Fact]
    public void Untracked_and_pre_dnat_policies_do_not_concern_pods()
    {
        _cluster.Apply([
            Make.Global("u", new() { DoNotTrack = true, ApplyOnForward = true, Ingress = [Make.Deny()] }),
            Make.Global("n", new() { PreDNAT = true, ApplyOnForward = true, Ingress = [Make.Deny()] })]);
        Assert.True(Ingress().Allowed);
        _cluster.Apply([Make.Global("u", new() { ApplyOnForward = true, Ingress = [Make.Deny()] })]);
        Assert.False(Ingress().Allowed);
    }

    [Theory]
    [InlineData(0, 0, null, true, false)]
    [InlineData(0, 1, null, false, true)]
    [InlineData(1, 0, null, true, false)]
    [InlineData(1, 1, null, true, true)]
    [InlineData(1, 1, "Egress", false, true)]
    [InlineData(0, 0, "Ingress,Egress", true, true)]
    [InlineData(0, 0, "Sideways", true, true)]
    public void Types_follow_the_rules_when_none_are_given(int ingress, int egress, string? types, bool denyIn, bool denyOut)
    {
        List<Rule> Rules(int count) => [.. Enumerable.Range(0, count).Select(_ => Make.Deny())];
        _cluster.Apply([Make.Policy("red", "p", new() { Selector = "app == 'server'", Ingress = Rules(ingress), Egress = Rules(egress), Types = types?.Split(',').ToList() })]);
        Assert.Equal(denyIn, !Ingress().Allowed);
        Assert.Equal(denyOut, !_cluster.Evaluate(FlowEnd.Pod("red", "server"), FlowEnd.Pod("red", "client"), 6, 80).Allowed);
    }
}
