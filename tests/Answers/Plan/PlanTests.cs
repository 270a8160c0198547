using Margay.Answers.Completion;
using Margay.Answers.Plan;
using Margay.Answers.Reports;
using Margay.Answers.Worlds;
using Xunit;

namespace Margay.Answers.Tests.Plan;

public sealed class PlanTests
{
    private const string Policy = """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: p, namespace: prod }
        spec:
          selector: app == 'a'
          types: [Ingress]
          ingress:
            - { action: Allow, protocol: TCP, source: { namespaceSelector: env == 'dev' }, destination: { ports: [80] } }
            - { action: Allow, protocol: TCP, source: { selector: app == 'b' }, destination: { ports: [http] } }
        """;

    [Fact]
    public void Nothing_changes_between_equal_worlds() =>
        Assert.Equal("No connection opens, closes or is decided by another rule.", Plan(Policy, Policy));

    [Fact]
    public void Names_what_opens_and_closes_by_labels_with_ports_rules_and_lines()
    {
        string text = Plan(Policy, Policy.Replace("ports: [80]", "ports: [81]", StringComparison.Ordinal));
        Assert.Contains("+ open  namespace=dev -> namespace=prod,app=a: TCP 81", text, StringComparison.Ordinal);
        Assert.Contains("denied at the end of tier default => allowed by default/np:prod/p/ingress/0 (test.yaml:", text, StringComparison.Ordinal);
        Assert.Contains("- close namespace=dev -> namespace=prod,app=a: TCP 80", text, StringComparison.Ordinal);
        Assert.Contains("~ NetworkPolicy(prod/p)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_only_moves_changes_nothing()
    {
        string moved = Policy.Replace("  ingress:\n", "  ingress:\n    - { action: Allow, protocol: UDP, source: { selector: app == 'nobody' } }\n", StringComparison.Ordinal);
        Assert.Contains("No connection opens", Plan(Policy, moved), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_takes_over_is_told()
    {
        string deny = Policy.Replace("  ingress:\n", "  ingress:\n    - { action: Deny, protocol: UDP }\n", StringComparison.Ordinal);
        Assert.Contains("~ rule", Plan(Policy, deny), StringComparison.Ordinal);
        Assert.Contains("denied at the end of tier default => denied by default/np:prod/p/ingress/0", Plan(Policy, deny), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_policy_closes_what_the_profile_allowed() =>
        Assert.Contains("- close every other pod and any address outside -> namespace=prod,app=a: everything but TCP 80", Plan("", Policy.Replace("namespaceSelector: env == 'dev'", "notNets: []", StringComparison.Ordinal).Replace("    - { action: Allow, protocol: TCP, source: { selector: app == 'b' }, destination: { ports: [http] } }", "", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void A_pod_that_goes_closes_what_it_could()
    {
        string gone = Manifests.Pods.Replace("metadata: { name: b, namespace: dev, labels: { app: b } }", "metadata: { name: b, namespace: dev, labels: { app: b } }\nstatus: { phase: Succeeded }", StringComparison.Ordinal);
        string text = Plan("", "", gone);
        Assert.Contains("no such pod", text, StringComparison.Ordinal);
        Assert.Contains("4 pods before, 3 after.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Staged_policies_are_compared_with_their_enforcement()
    {
        string staged = Policy.Replace("kind: NetworkPolicy", "kind: StagedNetworkPolicy", StringComparison.Ordinal).Replace("ports: [80]", "ports: [81]", StringComparison.Ordinal);
        var world = Manifests.World(Policy + "\n---\n" + staged);
        var answer = Planning.Run(world, world.Staged(), _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["Opens TCP 81", "Closes TCP 80"], answer.Lines.Select(l => $"{l.Kind} {l.Packets}"));
        Assert.Equal("default/snp:prod/p/ingress/0", answer.Lines[0].After.Decider.ToString());
        Assert.Empty(answer.Objects);
    }

    private const string Host = """
        apiVersion: projectcalico.org/v3
        kind: HostEndpoint
        metadata: { name: eth0, labels: { host: a } }
        spec: { node: n1, interfaceName: eth0, expectedIPs: [192.0.2.1] }
        ---
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: hosts }
        spec: { selector: has(host), types: [Ingress], ingress: [ { action: Allow, protocol: TCP, destination: { ports: [80] } } ] }
        """;

    [Fact]
    public void What_a_host_opens_and_closes_is_said_like_that_of_a_pod()
    {
        string text = Plan(Host, Host.Replace("[80]", "[81]", StringComparison.Ordinal));
        Assert.Contains("+ open  every pod and any address outside -> host n1: TCP 81", text, StringComparison.Ordinal);
        Assert.Contains("- close every pod and any address outside -> host n1: TCP 80", text, StringComparison.Ordinal);
        Assert.DoesNotContain("! host", text, StringComparison.Ordinal);
        Assert.Equal("No connection opens, closes or is decided by another rule.", Plan(Host, Host));
    }

    [Fact]
    public void A_new_host_endpoint_closes_all_but_failsafe_ports()
    {
        string text = Plan("", Host);
        Assert.Contains("-> host n1: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("+ open", text, StringComparison.Ordinal);
        Assert.Contains("allowed by a failsafe port", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_of_the_host_are_decided_by_its_setting()
    {
        string pods = Manifests.Pods.Replace("spec: { containers", "spec: { nodeName: n1, containers", StringComparison.Ordinal);
        var (answer, before, after) = Ask(Host, Host.Replace("[80]", "[81]", StringComparison.Ordinal), pods, pods);
        Assert.All(answer.Lines, l => Assert.Equal("any address outside", l.From));
        string accept = Host + "\n---\n" + """
            apiVersion: projectcalico.org/v3
            kind: FelixConfiguration
            metadata: { name: default }
            spec: { defaultEndpointToHostAction: Accept }
            """;
        (answer, before, after) = Ask(Host, accept, pods, pods);
        var line = Assert.Single(answer.Lines);
        Assert.Equal(("every pod", "host n1", "Opens"), (line.From, line.To, line.Kind.ToString()));
        using var text = new StringWriter();
        new PlanReport(answer, before.Places, after.Places).WriteText(text, 100);
        Assert.Contains("denied by defaultEndpointToHostAction => allowed by defaultEndpointToHostAction", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("types: [Ingress]", "applyOnForward: true, types: [Ingress]", "passes through the host differs")]
    [InlineData(", expectedIPs: [192.0.2.1]", "", "which addresses it governs is not certain")]
    public void What_is_not_compared_of_a_host_is_named_aloud(string old, string now, string remark)
    {
        string changed = Host.Replace(old, now, StringComparison.Ordinal);
        string text = Plan(Host, changed);
        Assert.Contains("! host  eth0: ", text, StringComparison.Ordinal);
        Assert.Contains(remark, text, StringComparison.Ordinal);
        Assert.Contains("No connection that was compared opens", text, StringComparison.Ordinal);
        var (answer, _, _) = Ask(Host, changed, Manifests.Pods);
        Assert.False(answer.IsEmpty);
    }

    [Fact]
    public void Is_read_by_programs()
    {
        var (answer, before, after) = Ask(Policy, Policy.Replace("ports: [80]", "ports: [81]", StringComparison.Ordinal), Manifests.Pods);
        var json = new PlanReport(answer, before.Places, after.Places).ToJson();
        Assert.Equal(["opens", "closes"], json["changes"]!.AsArray().Select(c => c!["kind"]!.GetValue<string>()).Distinct());
        Assert.Equal("default/np:prod/p/ingress/0", json["changes"]![0]!["after"]!["rule"]!.GetValue<string>());
        var report = new PlanReport(answer, before.Places, after.Places).ToReport();
        Assert.All(report.Findings, f => Assert.Equal((FindingLevel.Warning, "test.yaml"), (f.Level, f.File)));
        Assert.All(report.Findings, f => Assert.NotNull(f.Line));
    }

    private static string Plan(string before, string after, string? podsAfter = null)
    {
        var (answer, old, now) = Ask(before, after, podsAfter ?? Manifests.Pods);
        using var text = new StringWriter();
        new PlanReport(answer, old.Places, now.Places).WriteText(text, 100);
        return text.ToString().Trim();
    }

    private static (PlanAnswer, PolicyWorld, PolicyWorld) Ask(string before, string after, string podsAfter, string podsBefore = Manifests.Pods)
    {
        var (old, now) = (Manifests.Read(podsBefore + before), Manifests.Read(podsAfter + after));
        Assert.Empty(old.Problems.Concat(now.Problems));
        WorldCompletion.Complete(old, now);
        var (first, second) = (new PolicyWorld(old), new PolicyWorld(now));
        return (Planning.Run(first, second, _ => { }, TestContext.Current.CancellationToken), first, second);
    }
}
