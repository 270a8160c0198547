using System.Text.Json.Nodes;
using Margay.Answers.Migration;
using Margay.Answers.Reports;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Answers.Tests.Migration;

public sealed class MigrationCheckTests
{
    [Fact]
    public void A_cluster_that_asks_for_nothing_special_is_clear()
    {
        var check = Look(
            Stored("IPPool", "pool", """{"cidr":"10.0.0.0/16","ipipMode":"Never","vxlanMode":"Never","natOutgoing":true,"nodeSelector":"all()","blockSize":26}"""),
            Stored("Tier", "default", """{"order":1000000,"defaultAction":"Deny"}"""),
            Stored("GlobalNetworkPolicy", "default.web", """{"tier":"default","selector":"app == 'web'","types":["Ingress"],"ingress":[{"action":"Allow"}]}"""),
            Stored("FelixConfiguration", "default", """{"defaultEndpointToHostAction":"Accept","ipv6Support":false}"""));
        Assert.Empty(check.Findings.Where(finding => finding.Level != FindingLevel.Note));
        Assert.True(check.IsClear);
        Assert.Equal(4, check.Objects);
    }

    [Theory]
    [InlineData("IPPool", """{"cidr":"10.0.0.0/16","vxlanMode":"CrossSubnet"}""", "spec.vxlanMode", "CrossSubnet")]
    [InlineData("IPPool", """{"cidr":"10.0.0.0/16","ipipMode":"Always"}""", "spec.ipipMode", "Always")]
    [InlineData("FelixConfiguration", """{"bpfEnabled":true}""", "spec.bpfEnabled", "true")]
    [InlineData("FelixConfiguration", """{"wireguardEnabled":true}""", "spec.wireguardEnabled", "true")]
    [InlineData("BGPPeer", """{"peerIP":"192.0.2.1","asNumber":64512}""", "spec", null)]
    [InlineData("HostEndpoint", """{"node":"n","interfaceName":"eth0"}""", "spec.interfaceName", "eth0")]
    [InlineData("BGPConfiguration", """{"nodeToNodeMeshEnabled":false,"serviceClusterIPs":[{"cidr":"10.96.0.0/12"}]}""", "spec.serviceClusterIPs", null)]
    public void What_would_lose_traffic_or_protection_stands_in_the_way(string kind, string spec, string field, string? value)
    {
        var check = Look(Stored(kind, "default", spec));
        Finding found = Assert.Single(check.Findings, finding => finding.Level == FindingLevel.Error);
        Assert.Equal(("unsupported", field, value), (found.Rule, found.Field, found.Value));
        Assert.Contains(kind, found.Object, StringComparison.Ordinal);
        Assert.False(check.IsClear);
    }

    [Fact]
    public void Settings_that_are_off_or_have_no_effect_do_not()
    {
        var check = Look(Stored("FelixConfiguration", "default", """{"bpfEnabled":false,"defaultEndpointToHostAction":"Drop","wireguardEnabled":false,"logSeverityScreen":"Info"}"""));
        Assert.True(check.IsClear);
        Assert.Equal("spec.logSeverityScreen", Assert.Single(check.Findings).Field);
    }

    /// <summary>Calico's agent has it from its environment.</summary>
    [Fact]
    public void What_becomes_of_traffic_from_pods_to_their_node_has_to_be_said()
    {
        Finding found = Assert.Single(Look(Stored("FelixConfiguration", "default", """{"ipv6Support":false}""")).Findings);
        Assert.Equal((FindingLevel.Warning, "spec.defaultEndpointToHostAction"), (found.Level, found.Field));
        Assert.Empty(Look(Stored("FelixConfiguration", "node.n1", """{"ipv6Support":false}""")).Findings);
    }

    [Fact]
    public void Fields_that_Margay_does_not_know_are_named()
    {
        Finding found = Assert.Single(Look(Stored("Tier", "t", """{"order":1,"newThing":true}""")).Findings);
        Assert.Equal(("unknown-field", "spec.newThing"), (found.Rule, found.Field));
    }

    [Fact]
    public void Objects_that_break_rules_are_named_with_the_field()
    {
        var check = Look(Stored("GlobalNetworkPolicy", "p", """{"selector":"app =="}"""));
        Assert.Contains(check.Findings, finding => finding is { Rule: "invalid", Field: "spec.selector" });
    }

    [Fact]
    public void Two_custom_resources_that_are_one_policy_are_a_contradiction()
    {
        var check = Look(Stored("GlobalNetworkPolicy", "p", """{"tier":"default"}"""), Stored("GlobalNetworkPolicy", "default.p", """{"tier":"default"}"""));
        Assert.Contains(check.Findings, finding => finding.Rule == "doubled-name");
    }

    [Fact]
    public void Kinds_of_other_editions_are_named()
    {
        Finding found = Assert.Single(Look(Stored("GlobalThreatFeed", "x", "{}")).Findings);
        Assert.Equal("unknown-kind", found.Rule);
    }

    [Fact]
    public async Task Files_are_read_and_findings_have_their_line()
    {
        var check = new MigrationCheck();
        using var input = new StringReader("""
            apiVersion: v1
            kind: List
            items:
            - apiVersion: crd.projectcalico.org/v1
              kind: IPPool
              metadata:
                name: pool
              spec:
                cidr: 10.0.0.0/16
                ipipMode: Always
            - apiVersion: v1
              kind: Namespace
              metadata:
                name: other
            """);
        await check.ReadAsync(["-"], false, input, TestContext.Current.CancellationToken);
        Assert.Equal(1, check.Objects);
        Assert.Equal(10, Assert.Single(check.Findings).Line);
    }

    [Fact]
    public void An_operator_that_runs_stands_in_the_way()
    {
        var check = new MigrationCheck();
        check.LookAtPods([Running("tigera-operator", "tigera-operator"), Running("kube-system", "kube-dns")]);
        Finding found = Assert.Single(check.Findings);
        Assert.Equal(("running-operator", FindingLevel.Error, "Pod tigera-operator/tigera-operator-1"), (found.Rule, found.Level, found.Object));
        Assert.Contains("kubectl -n tigera-operator scale deployment/tigera-operator --replicas=0", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FELIX_DEFAULTENDPOINTTOHOSTACTION", "ACCEPT", """{"logSeverityScreen":"Info"}""", FindingLevel.Warning, "set it in the FelixConfiguration default (spec.defaultEndpointToHostAction)")]
    [InlineData("FELIX_DEFAULTENDPOINTTOHOSTACTION", "ACCEPT", """{"defaultEndpointToHostAction":"Drop"}""", FindingLevel.Warning, "it is Drop there")]
    [InlineData("FELIX_BPFENABLED", "true", "{}", FindingLevel.Error, "eBPF")]
    [InlineData("FELIX_IPINIPENABLED", "True", "{}", FindingLevel.Error, "IP in IP")]
    [InlineData("FELIX_FAILSAFEINBOUNDHOSTPORTS", "tcp:22", "{}", FindingLevel.Warning, "spec.failsafeInboundHostPorts")]
    public void Settings_in_the_environment_of_the_agent_are_named(string name, string value, string spec, FindingLevel level, string says)
    {
        var check = Look(Stored("FelixConfiguration", "default", spec));
        check.LookAtPods([Running("kube-system", "calico-node", (name, value)), Running("kube-system", "calico-node", (name, value))]);
        Finding found = Assert.Single(check.Findings, finding => finding.Rule == "environment-setting");
        Assert.Equal((level, name, value), (found.Level, found.Field, found.Value));
        Assert.Contains(says, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FELIX_DEFAULTENDPOINTTOHOSTACTION", "ACCEPT")] // the same stands in the resource
    [InlineData("FELIX_HEALTHENABLED", "true")]
    [InlineData("FELIX_BPFENABLED", "false")]
    [InlineData("FELIX_BPFENABLED", "0")]
    [InlineData("FELIX_FAILSAFEINBOUNDHOSTPORTS", "tcp:2222")] // the resource says which
    [InlineData("CALICO_IPV4POOL_CIDR", "10.0.0.0/16")]
    public void Those_on_which_nothing_depends_are_not(string name, string value)
    {
        var check = Look(Stored("FelixConfiguration", "default", """{"defaultEndpointToHostAction":"Accept","failsafeInboundHostPorts":[{"protocol":"tcp","port":2222}]}"""));
        var gone = Running("tigera-operator", "tigera-operator");
        gone.Status = new() { Phase = "Failed" }; // evicted
        check.LookAtPods([Running("kube-system", "calico-node", (name, value)), gone]);
        Assert.Empty(check.Findings);
    }

    private static Pod Running(string ns, string app, params (string Name, string Value)[] environment) => new()
    {
        Metadata = { Namespace = ns, Name = $"{app}-1", Labels = new() { ["k8s-app"] = app } },
        Spec = { Containers = [new() { Name = app, Env = [.. environment.Select(e => new EnvVar { Name = e.Name, Value = e.Value })] }] },
    };

    private static MigrationCheck Look(params string[] documents)
    {
        var check = new MigrationCheck();
        foreach (string document in documents) check.Look((JsonObject)JsonNode.Parse(document)!);
        return check;
    }

    private static string Stored(string kind, string name, string spec) =>
        $$$"""{"apiVersion":"crd.projectcalico.org/v1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","annotations":{"projectcalico.org/metadata":"{}"} },"spec":{{{spec}}} }""";
}
