using Margay.Answers.Verify;
using Xunit;

namespace Margay.Answers.Tests.Verify;

public sealed class RuleFindingsTests
{
    [Fact]
    public void Finds_a_rule_that_rules_before_it_shadow()
    {
        var (rule, message) = Assert.Single(Find("""
            - { action: Allow, protocol: TCP, source: { selector: app == 'a' } }
            - { action: Deny, protocol: TCP, source: { selector: app == 'a' }, destination: { ports: [80] } }
            """));
        Assert.Equal("shadowed-rule spec.ingress[1]", rule);
        Assert.Contains("default/gnp:p/ingress/0 (test.yaml:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_rule_whose_peers_do_not_exist() => Assert.Equal(["unreachable-rule spec.ingress[0]"], Rules("- { action: Allow, source: { selector: app == 'zzz' } }"));

    [Fact]
    public void Finds_a_rule_without_which_nothing_changes() => Assert.Equal(["redundant-rule spec.ingress[1]"], Rules("""
        - { action: Allow, protocol: TCP, source: { selector: app == 'a' } }
        - { action: Deny, source: { selector: app == 'b' } }
        """));

    [Fact]
    public void Finds_a_rule_that_lets_the_whole_world_in() => Assert.Equal(["broad-rule spec.ingress[0]"], Rules("- { action: Allow }"));

    [Fact]
    public void A_rule_for_the_world_on_one_port_is_fine() => Assert.Empty(Rules("- { action: Allow, protocol: TCP, destination: { ports: [443] } }"));

    [Fact]
    public void Finds_a_policy_that_selects_nothing() => Assert.Equal(["unused-policy spec"], Rules("- { action: Allow, source: { selector: app == 'a' } }", "app == 'zzz'"));

    [Fact]
    public void Rules_that_a_Kubernetes_rule_expands_to_count_as_one()
    {
        var world = Manifests.World("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: knp, namespace: dev }
            spec:
              podSelector: {}
              ingress:
                - from: [ { podSelector: { matchLabels: { app: a } } }, { podSelector: { matchLabels: { app: zzz } } }, { podSelector: {} } ]
            """);
        Assert.Empty(Verification.Run(world, [], true, _ => { }, TestContext.Current.CancellationToken).Hygiene);
    }

    [Fact]
    public void A_rule_that_matters_in_one_family_alone_matters() => Assert.Empty(Rules("- { action: Allow, source: { nets: [\"2001:db8::/32\"] } }"));

    private static IEnumerable<string> Rules(string rules, string selector = "all()") => Find(rules, selector).Select(f => f.Rule);

    private static IEnumerable<(string Rule, string Message)> Find(string rules, string selector = "all()")
    {
        var world = Manifests.World($$"""
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: { name: p }
            spec:
              selector: {{selector}}
              types: [Ingress]
              ingress:
            {{string.Join('\n', rules.Split('\n').Select(l => "    " + l))}}
            """);
        return Verification.Run(world, [], true, _ => { }, TestContext.Current.CancellationToken).Hygiene.Select(f => ($"{f.Rule} {f.Field}", f.Message));
    }
}
