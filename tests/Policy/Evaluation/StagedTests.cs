using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Staged policies: what they would do, and that they do nothing.</summary>
public sealed class StagedTests
{
    private static readonly EndpointId Server = new("red", "server", "eth0");

    private readonly ClusterPolicy _cluster = new();

    public StagedTests() => _cluster.Apply([
        Make.Namespace("red"), Make.Pod("red", "server", "10.0.0.2", "app=server"), Make.Tier("default", 1e6), Make.Tier("early", 10)]);

    private StagedVerdict Ask(ushort port = 80) => new Evaluator(_cluster.State).EvaluateStaged(
        Server, PolicyDirection.Ingress, new Packet(IpAddr.Parse("192.0.2.1"), IpAddr.Parse("10.0.0.2"), 6) { DestinationPort = port });

    private static string Show(Verdict verdict) => $"{(verdict.Allowed ? "allow" : "deny")} {verdict.Decider}";

    private static StagedNetworkPolicySpec Spec(string? action, params Rule[] rules) =>
        new() { StagedAction = action, Selector = "app == 'server'", Types = ["Ingress"], Ingress = [.. rules] };

    private void Stage(string name, StagedNetworkPolicySpec spec) => _cluster.Apply([Make.Named(new StagedNetworkPolicy { Spec = spec }, "red", name)]);

    [Theory]
    [InlineData(null)]
    [InlineData("Set")]
    [InlineData("Learn")]
    public void A_staged_policy_changes_nothing_and_says_what_it_would(string? action)
    {
        Stage("p", Spec(action, Make.Deny()));
        var verdict = Ask();
        Assert.Equal("allow -/profile:kns.red/ingress/0", Show(verdict.Enforced));
        Assert.Equal("deny default/snp:red/p/ingress/0", Show(verdict.Pending));
        Assert.True(verdict.Changes);
        Assert.Equal("snp:red/p", Assert.Single(verdict.Effects).Policy.ToString());
        Assert.DoesNotContain(verdict.Enforced.Trace, s => s is TierEntered);
        var state = _cluster.State.Endpoints[Server];
        Assert.Empty(state.IngressTiers);
        Assert.Empty(_cluster.State.Policies);
    }

    [Fact]
    public void A_tier_with_staged_policies_only_is_skipped_and_pending_it_denies()
    {
        Stage("p", Spec("Set", Make.Allow(protocol: Protocol.Udp)));
        Assert.True(Ask().Enforced.Allowed);
        Assert.Equal("deny default/snp:red/p/ingress/-1", Show(Ask().Pending));
    }

    [Fact]
    public void Set_takes_the_place_of_the_enforced_policy_of_the_same_name()
    {
        _cluster.Apply([Make.Policy("red", "p", new() { Order = 1, Selector = "app == 'server'", Ingress = [Make.Allow()] })]);
        Stage("p", Spec("Set", Make.Deny()));
        Assert.Equal("allow default/np:red/p/ingress/0", Show(Ask().Enforced));
        Assert.Equal("deny default/snp:red/p/ingress/0", Show(Ask().Pending));
        // Also when it would not select the endpoint any more.
        var narrower = Spec("Set", Make.Deny());
        narrower.Selector = "app == 'other'";
        Stage("p", narrower);
        Assert.Equal("allow -/profile:kns.red/ingress/0", Show(Ask().Pending));
        Assert.Equal(["snp:red/p"], Ask().Effects.Select(e => e.Policy.ToString()));
    }

    [Fact]
    public void Delete_takes_the_enforced_policy_away_and_ignore_does_nothing()
    {
        _cluster.Apply([Make.Policy("red", "p", new() { Selector = "app == 'server'", Ingress = [Make.Deny()] })]);
        Stage("p", Spec("Delete", Make.Deny()));
        Assert.Equal("deny default/np:red/p/ingress/0", Show(Ask().Enforced));
        Assert.Equal("allow -/profile:kns.red/ingress/0", Show(Ask().Pending));
        Stage("p", Spec("Ignore", Make.Allow()));
        Assert.False(Ask().Changes);
        Assert.Empty(Ask().Effects);
        Stage("q", Spec("Delete"));
        Assert.Empty(Ask().Effects);
    }

    [Fact]
    public void Each_staged_policy_is_also_judged_alone()
    {
        var early = Spec(null, Make.Allow());
        early.Tier = "early";
        Stage("opens", early);
        Stage("closes", Spec(null, Make.Deny()));
        var verdict = Ask();
        Assert.Equal("allow early/snp:red/opens/ingress/0", Show(verdict.Pending));
        Assert.Equal(
            ["snp:red/closes deny default/snp:red/closes/ingress/0", "snp:red/opens allow early/snp:red/opens/ingress/0"],
            verdict.Effects.Select(e => $"{e.Policy} {Show(e.Alone)}"));
    }

    [Fact]
    public void All_three_kinds_count_and_stand_where_the_enforced_ones_would()
    {
        _cluster.Apply([
            Make.Named(new StagedKubernetesNetworkPolicy { Spec = new() { Ingress = [new() { Ports = [new() { Port = 80 }] }] } }, "red", "k"),
            Make.Named(new StagedGlobalNetworkPolicy { Spec = new() { Order = 999, Ingress = [Make.Deny(null, new() { Ports = [PolicyPort.Single(81)] }, Protocol.Tcp)] } }, "", "g")]);
        Assert.Equal("allow default/sknp:red/k/ingress/0", Show(Ask().Pending));
        Assert.Equal("deny default/sgnp:g/ingress/0", Show(Ask(81).Pending));
        Assert.Equal("deny default/sknp:red/k/ingress/-1", Show(Ask(82).Pending));
        Assert.True(Ask(82).Enforced.Allowed);
        var flow = _cluster.EvaluateStaged(FlowEnd.At(IpAddr.Parse("192.0.2.1")), FlowEnd.Pod("red", "server"), 6, 82);
        Assert.True(flow.Enforced.Allowed && !flow.Pending.Allowed && flow.Changes);
    }

    [Fact]
    public void Host_endpoints_have_staged_policies_too()
    {
        _cluster.Apply([
            Make.Host("e", "n1", "eth0", labels: "host=x"),
            Make.Named(new StagedGlobalNetworkPolicy { Spec = new() { Selector = "has(host)", PreDNAT = true, ApplyOnForward = true, Ingress = [Make.Allow()] } }, "", "g")]);
        var passage = new HostPassage(new PassageEnd.Beyond(new HostInterface("eth0", [])), new PassageEnd.Host(), new Packet(IpAddr.Parse("192.0.2.1"), IpAddr.Parse("192.0.2.2"), 6) { DestinationPort = 80 });
        var verdict = _cluster.EvaluateStaged("n1", passage);
        Assert.False(verdict.Enforced.Passes);
        Assert.Equal("default/sgnp:g/ingress/0", verdict.Pending.Decisive!.Verdict.Decider.ToString());
        Assert.True(verdict.Changes);
    }

    [Fact]
    public void They_are_told_as_records_of_their_own_and_only_while_they_concern_an_endpoint()
    {
        var graph = new PolicyGraph("n1");
        graph.Apply(Make.Update(Make.Namespace("red")));
        graph.Apply(Make.Update(Make.Pod("red", "server", "", "app=server")));
        graph.SetLocalEndpoint(Make.Local("red", "server", "10.0.0.1"));
        graph.MarkInSync();
        graph.Drain();
        var staged = Make.Named(new StagedNetworkPolicy { Spec = Spec("Set", Make.Allow(new() { Selector = "x == 'y'" })) }, "red", "p");
        graph.Apply(Make.Update(staged));
        Assert.Equal(["IpSetUpdate", "StagedPolicyUpdate", "WorkloadEndpointUpdate"], graph.Drain().Select(u => u.GetType().Name));
        graph.Apply(Make.Gone(staged));
        Assert.Equal(["WorkloadEndpointUpdate", "StagedPolicyRemove", "IpSetRemove"], graph.Drain().Select(u => u.GetType().Name));
        graph.Apply(Make.Update(Make.Named(new StagedNetworkPolicy { Spec = Spec("Delete") }, "red", "p")));
        Assert.Empty(graph.Drain());
        graph.Apply(Make.Update(Make.Policy("red", "p", new() { Types = ["Ingress"] })));
        Assert.Equal(["PolicyUpdate", "WorkloadEndpointUpdate"], graph.Drain().Select(u => u.GetType().Name));
    }
}
