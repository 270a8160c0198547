using Margay.Answers.Explain;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Answers.Tests.Explain;

public sealed class ExplainerTests
{
    private const string Policies = """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: b, namespace: prod }
        spec:
          selector: app == 'b'
          types: [Ingress]
          ingress:
          - action: Deny
            source: { namespaceSelector: env == 'dev' }
          - action: Allow
            protocol: TCP
            source: { selector: app == 'a' }
            destination: { ports: [80] }
        ---

        """;

    [Fact]
    public void Each_rule_says_where_it_stands_and_every_part_that_the_packet_fails()
    {
        var answer = Assert.Single(Ask("prod/b", "prod/b:81"));
        // A pod to itself asks no policy.
        Assert.True(answer.Verdict.Allowed);
        Assert.Contains(answer.Causes, cause => cause.Contains("both ends are one pod", StringComparison.Ordinal));

        answer = Assert.Single(Ask("dev/b", "prod/b:81/udp", Policies.Replace("env == 'dev'", "env == 'test'", StringComparison.Ordinal)));
        Assert.Equal(FlowOutcome.Denied, answer.Verdict.Outcome);
        var rules = answer.Ingress.Where(step => step.Step is RuleVisited).ToArray();
        Assert.Equal("test.yaml:36", rules[0].Place);
        Assert.Equal(["source dev/b is not selected by namespaceSelector env == 'test'"], rules[0].Why);
        Assert.Equal("test.yaml:38", rules[1].Place);
        Assert.Equal(
            ["protocol is UDP, not TCP", "source dev/b is not selected by namespace prod and selector app == 'a'", "destination port 81 is not 80"], rules[1].Why);
    }

    [Fact]
    public void A_denial_by_a_rule_says_what_would_be_without_it()
    {
        var answer = Assert.Single(Ask("dev/a", "prod/b:80"));

        Assert.Equal("test.yaml:36", answer.DecidedAt?.ToString());
        Assert.StartsWith("without rule default/np:prod/b/ingress/0 (test.yaml:36) it would be denied by end of tier default", answer.Remedies[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_denial_at_the_end_of_a_tier_names_the_rule_that_nearly_allowed_it()
    {
        var answer = Assert.Single(Ask("prod/a", "prod/b:81"));

        Assert.Equal("rule default/np:prod/b/ingress/1 (test.yaml:38) would allow it, but destination port 81 is not 80", answer.Remedies[0]);
    }

    [Fact]
    public void An_allowed_connection_says_which_rules_it_hangs_on()
    {
        var answer = Assert.Single(Ask("prod/a", "prod/b:80"));

        Assert.True(answer.Verdict.Allowed);
        Assert.StartsWith("without rule default/np:prod/b/ingress/1 (test.yaml:38) it would be denied by end of tier default", Assert.Single(answer.Remedies), StringComparison.Ordinal);
    }

    [Fact]
    public void Trying_remedies_leaves_the_policy_as_it_was()
    {
        var world = Manifests.World(Policies);
        var explainer = new Explainer(world);
        var before = world.State.Snapshot();

        foreach (string from in new[] { "dev/a", "prod/a", "dev/b" })
            foreach (string to in new[] { "prod/b:80", "prod/b:81", "dev/a:1/udp" })
                explainer.Explain(FlowQuestion.Parse(from, to, "default", world.Objects));

        Assert.Equal(before, world.State.Snapshot());
    }

    [Fact]
    public void A_service_without_endpoints_says_why()
    {
        const string service = """
            apiVersion: v1
            kind: Service
            metadata: { name: s, namespace: prod }
            spec: { selector: { app: misspelt }, ports: [ { port: 80 } ] }
            """;
        var answer = Assert.Single(Ask("prod/a", "svc/prod/s:80", service));

        Assert.Equal(FlowOutcome.UnknownEnd, answer.Verdict.Outcome);
        Assert.Equal("service prod/s has no endpoint behind it: its selector app=misspelt matches no pod of the namespace", Assert.Single(answer.Causes));
    }

    [Fact]
    public void Causes_beside_policy_are_told()
    {
        const string extra = """
            apiVersion: v1
            kind: Pod
            metadata: { name: host, namespace: prod, labels: { app: host } }
            spec: { hostNetwork: true, containers: [ { name: c, image: i } ] }
            status: { phase: Running, podIP: 192.0.2.1 }
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: idle, namespace: prod }
            spec: { podSelector: { matchLabels: { app: nobody } } }
            ---

            """;
        string Causes(string to) => string.Join('\n', Assert.Single(Ask("prod/b", to, extra)).Causes);

        Assert.Contains("prod/host uses its node's network", Causes("prod/host:80"), StringComparison.Ordinal);
        Assert.Contains("policy knp:prod/idle selects nothing", Causes("prod/a:8080"), StringComparison.Ordinal);
        Assert.Contains("no container of prod/a declares port 9/tcp (declared: 8080/tcp)", Causes("prod/a:9"), StringComparison.Ordinal);
        Assert.DoesNotContain("declares port", Causes("prod/a:8080"), StringComparison.Ordinal);
    }

    [Fact]
    public void Staged_policies_say_what_they_would_do()
    {
        const string staged = """
            apiVersion: projectcalico.org/v3
            kind: StagedNetworkPolicy
            metadata: { name: closed, namespace: dev }
            spec: { selector: app == 'a', types: [Ingress] }
            """;
        var answer = Assert.Single(Ask("prod/b", "dev/a:80", staged));

        Assert.True(answer.Verdict.Allowed);
        Assert.Equal(FlowOutcome.Denied, answer.Pending?.Outcome);
    }

    [Theory]
    [InlineData("prod/a", "prod/nobody:80", "There is no pod prod/nobody")]
    [InlineData("prod/a", "prod/b", "write the destination as NAME:PORT")]
    [InlineData("prod/a", "prod/b:80/xyz", "'xyz' is no protocol")]
    [InlineData("prod/a", "svc/prod/none:80", "There is no service prod/none")]
    public void Questions_that_cannot_be_answered_say_what_is_wrong(string from, string to, string message)
    {
        var wrong = Assert.Throws<AnswerException>(() => Ask(from, to));
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Explanation> Ask(string from, string to, string policies = Policies)
    {
        var world = Manifests.World(policies);
        return new Explainer(world).Explain(FlowQuestion.Parse(from, to, "default", world.Objects));
    }
}
