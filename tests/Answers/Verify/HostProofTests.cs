using Margay.Answers.Verify;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Answers.Tests.Verify;

public sealed class HostProofTests
{
    private const string Host = HostYaml.Everywhere + """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: hosts }
        spec: { selector: has(host), types: [Ingress], ingress: [ { action: Allow, protocol: TCP, source: { nets: [198.51.100.0/24] }, destination: { ports: [10250] } } ] }
        """;

    [Fact]
    public void What_a_host_lets_in_is_proven_and_refuted()
    {
        Assert.Equal(ProofOutcome.Proven, Prove("- { name: x, deny: { from: { internet: true }, to: { cidr: 192.0.2.1/32 }, ports: [10250] }, except: [ { from: { cidr: 198.51.100.0/24 } } ] }").Outcome);
        var result = Prove("- { name: x, deny: { from: { internet: true }, to: { cidr: 192.0.2.1/32 }, ports: [10250] } }");
        Assert.Equal(ProofOutcome.Refuted, result.Outcome);
        Assert.Equal("host n1", result.Counterexample!.Destination);
        Assert.Equal("default/gnp:hosts/ingress/0", result.Counterexample.Ingress!.Decider.ToString());
        Assert.Equal("198.51.100.0/24 -> host n1: TCP 10250", Assert.Single(result.Breaches.Select(b => $"{b.From} -> {b.To}: {b.Packets}")));
    }

    [Fact]
    public void Failsafe_ports_are_open_whatever_policy_says()
    {
        var result = Prove("- { name: x, deny: { from: { internet: true }, to: { cidr: 192.0.2.1/32 }, ports: [22] } }");
        Assert.Equal((ProofOutcome.Refuted, VerdictReason.Failsafe), (result.Outcome, result.Counterexample!.Ingress!.Reason));
    }

    [Fact]
    public void A_host_reaches_its_own_pods_and_they_not_it()
    {
        const string closed = Host + "\n---\n" + """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: { name: closed }
            spec: { selector: app == 'a', types: [Ingress] }
            """;
        string pods = Manifests.Pods.Replace("spec: { containers", "spec: { nodeName: n1, containers", StringComparison.Ordinal);
        Assert.Equal(ProofOutcome.Proven, Prove("- { name: x, allow: { from: { cidr: 192.0.2.1/32 }, to: { selector: app == 'a' } } }", closed, pods).Outcome);
        Assert.Equal(ProofOutcome.Refuted, Prove("- { name: x, allow: { from: { cidr: 192.0.2.1/32 }, to: { selector: app == 'a' } } }", closed).Outcome);
        var result = Prove("- { name: x, allow: { from: { selector: app == 'b' }, to: { cidr: 192.0.2.1/32 } } }", closed, pods);
        Assert.Equal((ProofOutcome.Refuted, VerdictReason.EndpointToHost), (result.Outcome, result.Counterexample!.Ingress!.Reason));
    }

    [Fact]
    public void Pods_of_one_class_are_told_apart_beside_a_host_when_it_matters()
    {
        const string closed = Host + "\n---\n" + """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: { name: closed }
            spec: { selector: has(app), types: [Ingress] }
            """;
        const string pods = """
            apiVersion: v1
            kind: Pod
            metadata: { name: a, namespace: dev, labels: { app: a } }
            spec: { nodeName: n1, containers: [ { name: c, image: i } ] }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: z, namespace: dev, labels: { app: a } }
            spec: { nodeName: n2, containers: [ { name: c, image: i } ] }
            ---

            """;

        // The host reaches its own pod, whatever the pod's policy says, and no other.
        var result = Prove("- { name: x, deny: { from: { cidr: 192.0.2.1/32 }, to: { selector: app == 'a' } } }", closed, pods);
        Assert.Equal((ProofOutcome.Refuted, "dev/a"), (result.Outcome, result.Counterexample!.Destination));
        Assert.Single(result.Breaches);

        // Its own pod does not reach it, others do where its policy lets them.
        string open = closed.Replace("nets: [198.51.100.0/24]", "selector: app == 'a'", StringComparison.Ordinal);
        result = Prove("- { name: x, deny: { from: { selector: app == 'a' }, to: { cidr: 192.0.2.1/32 }, ports: [10250] } }", open, pods);
        Assert.Equal((ProofOutcome.Refuted, "dev/z"), (result.Outcome, result.Counterexample!.Source));
        Assert.EndsWith(" of other nodes", Assert.Single(result.Breaches).From, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_looked_at_is_said()
    {
        string text = Text(Host.Replace("types:", "applyOnForward: true, types:", StringComparison.Ordinal));
        Assert.Contains("Hosts: connections of the host itself at 1 address are part of this.", text, StringComparison.Ordinal);
        Assert.Contains("4 pods have no node", text, StringComparison.Ordinal);
        Assert.Contains("Not looked at: what n1-auto may stop of the traffic that passes through the host", text, StringComparison.Ordinal);
        text = Text(Host.Replace("\"*\", expectedIPs: [192.0.2.1]", "eth0", StringComparison.Ordinal));
        Assert.Contains("Not looked at: host endpoint n1-auto: n1-auto has no expectedIPs", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hosts:", text, StringComparison.Ordinal);
    }

    private static string Text(string policies)
    {
        var world = Manifests.World(policies);
        using var text = new StringWriter();
        VerifyReport.WriteText(text, Verification.Run(world, [], false, _ => { }, TestContext.Current.CancellationToken), world.Places);
        return text.ToString();
    }

    private static InvariantResult Prove(string invariant, string policies = Host, string pods = Manifests.Pods) =>
        Assert.Single(Verification.Run(Manifests.World(policies, pods), InvariantReader.Read("t", "invariants:\n" + invariant), false, _ => { }, TestContext.Current.CancellationToken).Invariants);
}
