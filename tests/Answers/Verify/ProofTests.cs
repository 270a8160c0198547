using Margay.Answers.Reports;
using Margay.Answers.Verify;
using Xunit;

namespace Margay.Answers.Tests.Verify;

public sealed class ProofTests
{
    private const string Isolation = """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: isolate }
        spec:
          namespaceSelector: env == 'prod'
          types: [Ingress]
          ingress:
            - action: Allow
              source: { namespaceSelector: env == 'prod' }
            - action: Allow
              protocol: TCP
              destination: { ports: [443] }
        """;

    [Fact]
    public void Proves_what_holds_for_every_packet() => Assert.Equal(ProofOutcome.Proven, Prove(Isolation, """
        - name: dev reaches prod by HTTPS alone
          deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } }
          except: [ { ports: [443] } ]
        """).Outcome);

    [Fact]
    public void Refutes_with_the_packet_that_a_sample_would_miss()
    {
        var result = Prove(Isolation, "- { name: x, deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } } }");
        Assert.Equal(ProofOutcome.Refuted, result.Outcome);
        Assert.Equal(("dev/a", "prod/a"), (result.Counterexample!.Source, result.Counterexample.Destination));
        Assert.Equal((6, 443), (result.Counterexample.Packet.Protocol, result.Counterexample.Packet.DestinationPort));
        Assert.True(result.Counterexample.Allowed);
        Assert.Equal("default/gnp:isolate/ingress/1", result.Counterexample.Ingress!.Decider.ToString());
        Assert.Equal("namespace=dev -> namespace=prod: TCP 443", Assert.Single(result.Breaches.Select(b => $"{b.From} -> {b.To}: {b.Packets}").Distinct()));
    }

    [Fact]
    public void An_exception_counts_only_for_its_own_sides()
    {
        var result = Prove(Isolation, """
            - name: x
              deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } }
              except: [ { to: { selector: app == 'a' }, ports: [443] } ]
            """);
        Assert.Equal("prod/b", result.Counterexample!.Destination);
    }

    [Fact]
    public void Demands_that_all_of_the_traffic_passes()
    {
        Assert.Equal(ProofOutcome.Proven, Prove(Isolation, "- { name: x, allow: { to: { namespaceSelector: env == 'prod' }, ports: [443] } }").Outcome);
        var result = Prove(Isolation, "- { name: x, allow: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' }, ports: [443, 53/udp] } }");
        Assert.Equal((17, 53, false), (result.Counterexample!.Packet.Protocol, result.Counterexample.Packet.DestinationPort, result.Counterexample.Allowed));
    }

    [Fact]
    public void The_internet_is_neither_pods_nor_private_addresses()
    {
        const string policy = """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: { name: inside }
            spec:
              types: [Egress]
              egress: [ { action: Allow, destination: { nets: [ 10.0.0.0/8 ] } }, { action: Allow, destination: { nets: [ "fc00::/7" ] } } ]
            """;
        Assert.Equal(ProofOutcome.Proven, Prove(policy, "- { name: x, deny: { to: { internet: true } } }").Outcome);
        Assert.Equal(ProofOutcome.Refuted, Prove(policy.Replace("10.0.0.0/8", "8.0.0.0/6", StringComparison.Ordinal), "- { name: x, deny: { to: { internet: true } } }").Outcome);
        Assert.Equal(ProofOutcome.Refuted, Prove(policy, "- { name: x, deny: { to: { cidr: 10.1.0.0/16 } } }").Outcome);
    }

    [Fact]
    public void A_prefix_includes_the_pods_that_live_in_it()
    {
        var result = Prove("", "- { name: x, deny: { from: { selector: app == 'a' }, to: { cidr: 10.244.0.0/16 } } }");
        Assert.Contains(result.Breaches, b => b.To.Contains("pod", StringComparison.Ordinal));
    }

    [Fact]
    public void A_selector_that_selects_nothing_proves_nothing()
    {
        var result = Prove(Isolation, "- { name: x, deny: { from: { selector: app == 'misspelt' } } }");
        Assert.Equal((ProofOutcome.Empty, false), (result.Outcome, result.Holds));
        Assert.Contains("misspelt", result.Remark, StringComparison.Ordinal);
        Assert.True(Prove(Isolation, "- { name: x, mayBeEmpty: true, deny: { from: { selector: app == 'misspelt' } } }").Holds);
    }

    [Fact]
    public void A_pod_that_talks_to_itself_breaks_nothing() => Assert.Equal(ProofOutcome.Proven, Prove("""
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: closed }
        spec: { types: [Ingress, Egress], egress: [ { action: Allow } ], ingress: [ { action: Allow, source: { selector: app == 'a' }, destination: { selector: app == 'a' } } ] }
        """, "- { name: x, deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'dev' } } }").Outcome);

    [Fact]
    public void Policies_of_the_cluster_s_administrators_count_with_their_place()
    {
        var world = Manifests.World("""
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: { name: no-dev }
            spec:
              tier: Admin
              priority: 10
              subject: { namespaces: { matchLabels: { env: prod } } }
              ingress:
                - { action: Deny, from: [ { namespaces: { matchLabels: { env: dev } } } ] }
            """);
        var answer = Verification.Run(world, Invariants("""
            - { name: holds, deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } } }
            - { name: not, allow: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } } }
            """), true, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal([true, false], answer.Invariants.Select(i => i.Holds));
        var decider = answer.Invariants[1].Counterexample!.Ingress!.Decider!.Value;
        Assert.StartsWith("test.yaml:", world.Places.Describe(decider), StringComparison.Ordinal);
        Assert.Empty(answer.Hygiene);
    }

    [Fact]
    public void Names_the_line_of_the_rule_that_lets_the_counterexample_pass()
    {
        var world = Manifests.World(Isolation);
        var answer = Verification.Run(world, Invariants("- { name: x, deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod' } } }"), false, _ => { }, TestContext.Current.CancellationToken);
        using var text = new StringWriter();
        VerifyReport.WriteText(text, answer, world.Places);
        int line = (Manifests.Pods + Isolation).Split('\n').ToList().FindIndex(l => l.Contains("protocol: TCP", StringComparison.Ordinal));
        Assert.Contains($"Allow by default/gnp:isolate/ingress/1 (test.yaml:{line})", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 of 1 invariants hold", text.ToString(), StringComparison.Ordinal);
        var check = Assert.Single(VerifyReport.ToReport(answer, world.Places).Checks);
        Assert.Equal((CheckOutcome.Failed, "refuted-invariant"), (check.Outcome, check.Findings[0].Rule));
    }

    private static InvariantResult Prove(string policies, string invariant) =>
        Assert.Single(Verification.Run(Manifests.World(policies), Invariants(invariant), false, _ => { }, TestContext.Current.CancellationToken).Invariants);

    private static IReadOnlyList<Invariant> Invariants(string list) => InvariantReader.Read("invariants.yaml", "invariants:\n" + list);
}
