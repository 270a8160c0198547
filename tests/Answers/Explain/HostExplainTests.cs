using Margay.Answers.Explain;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Answers.Tests.Explain;

public sealed class HostExplainTests
{
    private const string Host = HostYaml.Everywhere + """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: hosts }
        spec: { selector: has(host), applyOnForward: true, types: [Ingress], ingress: [ { action: Allow, protocol: TCP, destination: { ports: [10250] } } ] }
        """;

    [Theory]
    [InlineData("203.0.113.9", "192.0.2.1:10250", true, VerdictReason.Rule)]
    [InlineData("203.0.113.9", "192.0.2.1:10251", false, VerdictReason.EndOfTier)]
    [InlineData("203.0.113.9", "192.0.2.1:22", true, VerdictReason.Failsafe)]
    [InlineData("dev/a", "192.0.2.1:10250", true, VerdictReason.Rule)]
    [InlineData("prod/a", "192.0.2.1:10250", false, VerdictReason.EndpointToHost)]
    public void The_policy_of_the_destination_host_is_asked(string source, string destination, bool allowed, VerdictReason reason)
    {
        var answer = Ask(source, destination);
        Assert.Equal((allowed, reason), (answer.Verdict.Allowed, answer.Verdict.Ingress!.Reason));
        Assert.Contains(answer.Causes, c => c.Contains("is host n1", StringComparison.Ordinal));
        Assert.Contains(answer.Causes, c => c.Contains("passes through their host (n1-auto", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_reaches_its_own_pods()
    {
        var answer = Ask("192.0.2.1", "prod/b:80", "\n---\n" + """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: { name: closed }
            spec: { selector: has(app), types: [Ingress] }
            """);
        Assert.True(answer.Verdict.Allowed);
        Assert.Null(answer.Verdict.Ingress);
    }

    /// <summary>Pods of prod are on n1, those of dev on n2.</summary>
    private static Explanation Ask(string source, string destination, string more = "")
    {
        string[] halves = Manifests.Pods.Split("metadata: { name: a, namespace: prod");
        string pods = string.Join("metadata: { name: a, namespace: prod", halves[0].Replace("spec: { containers", "spec: { nodeName: n2, containers", StringComparison.Ordinal), halves[1].Replace("spec: { containers", "spec: { nodeName: n1, containers", StringComparison.Ordinal));
        var world = Manifests.World(Host + more, pods);
        return Assert.Single(new Explainer(world).Explain(FlowQuestion.Parse(source, destination, "default", world.Objects)));
    }
}
