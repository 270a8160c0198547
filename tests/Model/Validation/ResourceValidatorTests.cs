using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class ResourceValidatorTests
{
    [Fact]
    public void A_good_policy_has_no_mistakes() => Assert.Empty(Errors("NetworkPolicy", """
        tier: default
        order: 10.5
        selector: app == 'x' && !has(y)
        serviceAccountSelector: role == 'r'
        types: [Ingress, Egress]
        performanceHints: [AssumeNeededOnEveryNode]
        ingress:
        - {action: Allow, protocol: TCP, source: {nets: [10.0.0.0/8], ports: [80, "1000:2000", http]}}
        - {action: Allow, source: {ports: [http]}}
        - {action: Deny, protocol: ICMP, icmp: {type: 8, code: 0}, ipVersion: 4}
        - {action: Pass, notProtocol: 17, source: {namespaceSelector: global(), selector: all()}}
        - {action: Allow, http: {methods: [GET], paths: [{exact: /a}, {prefix: /b}]}}
        - {action: Log, source: {services: {name: s}, ports: [http]}}
        egress:
        - {action: Allow, destination: {services: {name: kubernetes, namespace: default}}}
        - {action: Allow, destination: {serviceAccounts: {names: [a], selector: has(x)}}}
        """));

    [Fact]
    public void All_mistakes_of_a_policy_are_named_at_once() => AssertErrors(
        "NetworkPolicy",
        """
        tier: Wrong
        selector: app = 'x'
        serviceAccountSelector: global()
        types: [Ingress, Ingress, Sideways]
        ingress:
        - {action: Maybe, ipVersion: 5, protocol: tcp, source: {ports: [0, 70000, "9:5", "a b"], nets: [10.0.0.1/8, nonsense, 10.0.0.1]}}
        - {protocol: 300, icmp: {type: 255, code: 0}}
        - {action: Allow, protocol: UDP, icmp: {code: 1}}
        - {action: Allow, protocol: GRE, destination: {ports: [80]}}
        - {action: Deny, protocol: 47, destination: {ports: [http], notPorts: [1]}, http: {methods: [GET, GET], paths: [{}, {exact: a}]}}
        -
        """,
        "spec.tier FieldValueInvalid",
        "spec.ingress[0].action FieldValueNotSupported",
        "spec.ingress[0].ipVersion FieldValueInvalid",
        "spec.ingress[0].protocol FieldValueNotSupported",
        "spec.ingress[0].source.nets[0] FieldValueInvalid",
        "spec.ingress[0].source.nets[1] FieldValueInvalid",
        "spec.ingress[0].source.nets[2] FieldValueInvalid",
        "spec.ingress[0].source.ports[0] FieldValueInvalid",
        "spec.ingress[0].source.ports[0] FieldValueInvalid",
        "spec.ingress[0].source.ports[1] FieldValueInvalid",
        "spec.ingress[0].source.ports[1] FieldValueInvalid",
        "spec.ingress[0].source.ports[2] FieldValueInvalid",
        "spec.ingress[0].source.ports[2] FieldValueInvalid",
        "spec.ingress[0].source.ports[3] FieldValueInvalid",
        "spec.ingress[1].action FieldValueRequired",
        "spec.ingress[1].protocol FieldValueInvalid",
        "spec.ingress[1].icmp FieldValueInvalid",
        "spec.ingress[1].icmp.type FieldValueInvalid",
        "spec.ingress[2].icmp FieldValueInvalid",
        "spec.ingress[2].icmp.code FieldValueInvalid",
        "spec.ingress[3].protocol FieldValueNotSupported",
        "spec.ingress[3].destination.ports[0] FieldValueInvalid",
        "spec.ingress[4].http FieldValueForbidden",
        "spec.ingress[4].protocol FieldValueInvalid",
        "spec.ingress[4].http.methods[1] FieldValueDuplicate",
        "spec.ingress[4].http.paths[0] FieldValueInvalid",
        "spec.ingress[4].http.paths[1] FieldValueInvalid",
        "spec.ingress[4].destination.ports[0] FieldValueInvalid",
        "spec.ingress[4].destination.notPorts[0] FieldValueInvalid",
        "spec.ingress[5] FieldValueRequired",
        "spec.selector FieldValueInvalid",
        "spec.serviceAccountSelector FieldValueInvalid",
        "spec.types[2] FieldValueNotSupported",
        "spec.types[1] FieldValueDuplicate");

    [Theory]
    [InlineData("{nets: [10.0.0.0/8, fd00::/8]}", "spec.egress[0].destination.nets[1] FieldValueInvalid")]
    [InlineData("{notNets: [0.0.0.0/0]}", "spec.egress[0].destination.notNets[0] FieldValueInvalid")]
    [InlineData("{nets: [10.0.0.0/8, 10.0.0.0/8]}", "spec.egress[0].destination.nets[1] FieldValueDuplicate")]
    [InlineData("{selector: 'global()'}", "spec.egress[0].destination.selector FieldValueInvalid")]
    [InlineData("{namespaceSelector: 'global() && has(x)'}", "spec.egress[0].destination.namespaceSelector FieldValueInvalid")]
    [InlineData("{services: {name: s}, selector: has(x)}", "spec.egress[0].destination.selector FieldValueForbidden")]
    [InlineData("{services: {name: s}, ports: [http]}", "spec.egress[0].destination.ports FieldValueForbidden")]
    [InlineData("{services: {}}", "spec.egress[0].destination.services.name FieldValueRequired")]
    [InlineData("{services: {name: s}, serviceAccounts: {}}", "spec.egress[0].destination.serviceAccounts FieldValueForbidden")]
    [InlineData("{serviceAccounts: {selector: 'a ='}}", "spec.egress[0].destination.serviceAccounts.selector FieldValueInvalid")]
    public void What_an_entity_must_not_say_is_named(string destination, string error) =>
        AssertErrors("NetworkPolicy", $"egress: [{{action: Allow, destination: {destination}}}]", error);

    [Theory]
    [InlineData("egress: [{action: Allow, source: {services: {name: s}}}]", "spec.egress[0].source.services FieldValueForbidden")]
    [InlineData("ingress: [{action: Allow, ipVersion: 6, source: {nets: [10.0.0.0/8]}}]", "spec.ingress[0].source.nets[0] FieldValueInvalid")]
    [InlineData("ingress: [{action: Allow, ipVersion: 6, protocol: ICMP}]", "spec.ingress[0].protocol FieldValueInvalid")]
    [InlineData("ingress: [{action: Allow, ipVersion: 4, notProtocol: 58}]", "spec.ingress[0].notProtocol FieldValueInvalid")]
    [InlineData("ingress: [{action: Allow, source: {nets: [10.0.0.0/8]}, destination: {notNets: [fd00::/8]}}]", "spec.ingress[0].destination.notNets[0] FieldValueInvalid")]
    [InlineData("egress: [{action: Allow, http: {methods: [GET]}}]", "spec.egress[0].http FieldValueForbidden")]
    public void What_a_rule_must_not_say_is_named(string spec, string error) => AssertErrors("NetworkPolicy", spec, error);

    [Fact]
    public void Lists_and_texts_have_limits()
    {
        string nets = string.Join(",", Enumerable.Range(0, 257).Select(i => $"10.{i / 256}.{i % 256}.0/24"));
        string ports = string.Join(",", Enumerable.Range(1, 51));
        string rules = string.Join(",", Enumerable.Repeat("{action: Deny}", 1025));

        AssertErrors("GlobalNetworkPolicy", $"ingress: [{{action: Allow, source: {{nets: [{nets}]}}}}]", "spec.ingress[0].source.nets FieldValueTooMany");
        AssertErrors(
            "GlobalNetworkPolicy", $"ingress: [{{action: Allow, protocol: TCP, source: {{ports: [{ports}]}}}}]", "spec.ingress[0].source.ports FieldValueTooMany");
        AssertErrors("GlobalNetworkPolicy", $"egress: [{rules}]", "spec.egress FieldValueTooMany");
        AssertErrors("GlobalNetworkPolicy", $"selector: a == '{new string('x', 1020)}'", "spec.selector FieldValueTooLong");
    }

    [Theory]
    [InlineData("{doNotTrack: true}", "spec.applyOnForward FieldValueInvalid")]
    [InlineData("{preDNAT: true, applyOnForward: true, doNotTrack: true}", "spec.doNotTrack FieldValueForbidden")]
    [InlineData("{preDNAT: true, applyOnForward: true, types: [Ingress], egress: [{action: Deny}]}", "spec.egress FieldValueForbidden")]
    [InlineData("{preDNAT: true, applyOnForward: true, types: [Egress]}", "spec.types FieldValueForbidden")]
    [InlineData("{namespaceSelector: 'global()'}", "spec.namespaceSelector FieldValueInvalid")]
    [InlineData("{egress: [{action: Allow, destination: {services: {name: s}}}]}", "spec.egress[0].destination.services.namespace FieldValueRequired")]
    public void Global_policies_have_rules_of_their_own(string spec, string error) => AssertErrors("GlobalNetworkPolicy", spec, error);

    [Theory]
    [InlineData("NetworkPolicy", "tier.name", true)]
    [InlineData("NetworkPolicy", "a.b.c", false)]
    [InlineData("NetworkPolicy", "knp.default.a.b", true)]
    [InlineData("GlobalNetworkPolicy", "Upper", false)]
    [InlineData("Tier", "a.b", false)]
    [InlineData("NetworkSet", "a.b.c", true)]
    [InlineData("NetworkSet", "-a", false)]
    public void Names_have_the_form_of_their_kind(string kind, string name, bool isGood) =>
        Assert.Equal(isGood, !Errors(kind, "{defaultAction: Deny}", name).Any(error => error.Field == "metadata.name"));

    [Theory]
    [InlineData("default", "{order: 1000000, defaultAction: Deny}")]
    [InlineData("kube-admin", "{order: 1000, defaultAction: Pass}")]
    [InlineData("other", "{defaultAction: Pass}")]
    [InlineData("default", "{order: 5, defaultAction: Deny}", "spec.order FieldValueInvalid")]
    [InlineData("kube-baseline", "{defaultAction: Deny}", "spec.defaultAction FieldValueInvalid", "spec.order FieldValueRequired")]
    [InlineData("other", "{defaultAction: Allow}", "spec.defaultAction FieldValueNotSupported")]
    public void Built_in_tiers_keep_their_place(string name, string spec, params string[] errors) =>
        Assert.Equal(errors, Errors("Tier", spec, name).Select(error => $"{error.Field} {error.Reason}"));

    [Theory]
    [InlineData("{cidr: 10.0.0.0/16}")]
    [InlineData("{cidr: fd00::/64, blockSize: 116, vxlanMode: Always}")]
    [InlineData("{cidr: 10.0.0.0/30, disabled: true}")]
    [InlineData("{cidr: 10.0.0.0/16, allowedUses: [LoadBalancer]}")]
    [InlineData("{}", "spec.cidr FieldValueRequired")]
    [InlineData("{cidr: 10.0.0.1/16}", "spec.cidr FieldValueInvalid")]
    [InlineData("{cidr: 169.254.1.0/24}", "spec.cidr FieldValueInvalid")]
    [InlineData("{cidr: 10.0.0.0/27}", "spec.cidr FieldValueInvalid")]
    [InlineData("{cidr: 10.0.0.0/16, blockSize: 19}", "spec.blockSize FieldValueInvalid")]
    [InlineData("{cidr: fd00::/64, blockSize: 26}", "spec.blockSize FieldValueInvalid")]
    [InlineData("{cidr: fd00::/64, ipipMode: Always}", "spec.ipipMode FieldValueForbidden")]
    [InlineData("{cidr: 10.0.0.0/16, ipipMode: Always, vxlanMode: CrossSubnet}", "spec.vxlanMode FieldValueForbidden")]
    [InlineData("{cidr: 10.0.0.0/16, ipipMode: Sometimes}", "spec.ipipMode FieldValueNotSupported")]
    [InlineData("{cidr: 10.0.0.0/16, nodeSelector: 'a ='}", "spec.nodeSelector FieldValueInvalid")]
    [InlineData("{cidr: 10.0.0.0/16, allowedUses: [Workload, LoadBalancer]}", "spec.allowedUses FieldValueForbidden")]
    [InlineData("{cidr: 10.0.0.0/16, assignmentMode: Never}", "spec.assignmentMode FieldValueNotSupported")]
    public void Pools_must_be_usable(string spec, params string[] errors) => AssertErrors("IPPool", spec, errors);

    [Fact]
    public void A_pool_keeps_its_range_and_block_size()
    {
        var old = Make("IPPool", "{cidr: 10.0.0.0/16}", "p");

        var errors = ResourceValidator.Validate(Make("IPPool", "{cidr: 10.1.0.0/16, blockSize: 28}", "p"), old);

        Assert.Equal(["spec.cidr", "spec.blockSize"], errors.Select(error => error.Field));
    }

    [Theory]
    [InlineData("HostEndpoint", "{node: n1, interfaceName: eth0, ports: [{name: ssh, protocol: TCP, port: 22}]}")]
    [InlineData("HostEndpoint", "{node: n1, interfaceName: '*'}")]
    [InlineData("HostEndpoint", "{}", "spec.node FieldValueRequired", "spec.interfaceName FieldValueRequired")]
    [InlineData("HostEndpoint", "{node: n1, interfaceName: this-name-is-too-long}", "spec.interfaceName FieldValueInvalid")]
    [InlineData("HostEndpoint", "{node: n1, expectedIPs: [x], ports: [{name: a, protocol: ICMP, port: 0}]}", "spec.expectedIPs[0] FieldValueInvalid", "spec.ports[0].protocol FieldValueInvalid", "spec.ports[0].port FieldValueInvalid")]
    [InlineData("NetworkSet", "{nets: [10.0.0.1, 10.0.0.1/8, fd00::/8]}")]
    [InlineData("GlobalNetworkSet", "{nets: [10.0.0.0/33, '']}", "spec.nets[0] FieldValueInvalid", "spec.nets[1] FieldValueInvalid")]
    [InlineData("IPReservation", "{reservedCIDRs: [10.0.0.1/32, x]}", "spec.reservedCIDRs[1] FieldValueInvalid")]
    [InlineData("IPAMConfiguration", "{maxBlocksPerHost: -1, ipCooldownSeconds: 1201}", "metadata.name FieldValueInvalid", "spec.maxBlocksPerHost FieldValueInvalid", "spec.ipCooldownSeconds FieldValueInvalid")]
    [InlineData("BlockAffinity", "{state: lost, node: n1, cidr: 10.0.0.0/26}", "spec.state FieldValueNotSupported")]
    [InlineData("FelixConfiguration", "{routeRefreshInterval: 1m30s, logSeverityScreen: info, failsafeInboundHostPorts: [{protocol: udp, port: 68}], bpfPSNATPorts: '20000:29999'}")]
    [InlineData("FelixConfiguration", "{routeRefreshInterval: soon, logSeverityScreen: Loud, healthPort: 70000, natOutgoingAddress: 'fd00::1', failsafeInboundHostPorts: [{protocol: gre, port: 1, net: x}], kubeNodePortRanges: [http]}", "spec.routeRefreshInterval FieldValueInvalid", "spec.logSeverityScreen FieldValueNotSupported", "spec.healthPort FieldValueInvalid", "spec.natOutgoingAddress FieldValueInvalid", "spec.failsafeInboundHostPorts[0].protocol FieldValueNotSupported", "spec.failsafeInboundHostPorts[0].net FieldValueInvalid", "spec.kubeNodePortRanges[0] FieldValueInvalid")]
    [InlineData("Profile", "{labelsToApply: {'a b': c}, ingress: [{action: Never}]}", "spec.ingress[0].action FieldValueNotSupported", "spec.labelsToApply FieldValueInvalid")]
    public void Other_kinds_are_checked_too(string kind, string spec, params string[] errors) => AssertErrors(kind, spec, errors);

    [Theory]
    [InlineData("{podSelector: {}, ingress: [{}, {from: [{podSelector: {}}], ports: [{port: http}, {port: 80, endPort: 90}]}], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}")]
    [InlineData("{ingress: [{from: [{}]}]}", "spec.ingress[0].from[0] FieldValueRequired")]
    [InlineData("{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}", "spec.ingress[0].from[0] FieldValueForbidden")]
    [InlineData("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16, 10.0.0.0/8, x]}}]}]}", "spec.egress[0].to[0].ipBlock.except[0] FieldValueInvalid", "spec.egress[0].to[0].ipBlock.except[1] FieldValueInvalid", "spec.egress[0].to[0].ipBlock.except[2] FieldValueInvalid")]
    [InlineData("{ingress: [{ports: [{endPort: 5}, {port: http, endPort: 5}, {port: 9, endPort: 5}, {port: 0}, {port: Not_A_Name}, {protocol: ICMP}]}]}", "spec.ingress[0].ports[0].port FieldValueRequired", "spec.ingress[0].ports[1].endPort FieldValueForbidden", "spec.ingress[0].ports[2].endPort FieldValueInvalid", "spec.ingress[0].ports[3].port FieldValueInvalid", "spec.ingress[0].ports[4].port FieldValueInvalid", "spec.ingress[0].ports[5].protocol FieldValueNotSupported")]
    [InlineData("{podSelector: {matchLabels: {'-': x}, matchExpressions: [{key: a, operator: In}, {key: a, operator: Exists, values: [x]}, {key: a, operator: Is}]}, policyTypes: [Sideways]}", "spec.podSelector.matchLabels FieldValueInvalid", "spec.podSelector.matchExpressions[0].values FieldValueRequired", "spec.podSelector.matchExpressions[1].values FieldValueForbidden", "spec.podSelector.matchExpressions[2].operator FieldValueInvalid", "spec.policyTypes[0] FieldValueNotSupported")]
    public void Kubernetes_policies_follow_its_rules(string spec, params string[] errors) =>
        AssertErrors("networking.k8s.io/v1", "NetworkPolicy", spec, errors);

    [Fact]
    public void Labels_and_annotations_are_checked()
    {
        var set = new NetworkSet
        {
            Metadata =
            {
                Name = "a", Namespace = "Up",
                Labels = new() { ["projectcalico.org/namespace"] = "x", ["good/a"] = "has blank", ["/"] = "" },
                Annotations = new() { ["Example.com/A"] = "any value at all", ["bad key"] = "" },
            },
        };

        Assert.Equal(
            ["metadata.namespace", "metadata.labels", "metadata.labels", "metadata.annotations", "metadata.labels"],
            ResourceValidator.Validate(set).Select(error => error.Field));
    }

    [Fact]
    public void Messages_are_worded_as_kubectl_users_know_them()
    {
        string all = string.Join('\n', Errors("NetworkPolicy", "ingress: [{action: Maybe, protocol: TCP, source: {ports: [70000]}}, {}]"));

        Assert.Equal(
            """
            spec.ingress[0].action: Unsupported value: "Maybe": supported values: "Allow", "Deny", "Log", "Pass"
            spec.ingress[0].source.ports[0]: Invalid value: "70000": port numbers must be between 1 and 65535
            spec.ingress[1].action: Required value
            """.ReplaceLineEndings("\n"),
            all);
    }

    private static Resource Make(string kind, string spec, string name, string apiVersion = ApiVersions.ProjectCalico)
    {
        var info = KindRegistry.Find(apiVersion, kind)!;
        var json = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = info.Namespaced ? "n" : null },
            ["spec"] = YamlReader.ReadOne(spec)?.DeepClone(),
        };
        var value = info.Read(JsonSerializer.SerializeToUtf8Bytes(json, ModelJson.Default.JsonObject));
        if (kind != "Tier")
            ResourceDefaults.Apply(value);
        return value;
    }

    private static IReadOnlyList<ValidationError> Errors(string kind, string spec, string name = "name") =>
        ResourceValidator.Validate(Make(kind, spec, name));

    private static void AssertErrors(string kind, string spec, params string[] errors) =>
        AssertErrors(ApiVersions.ProjectCalico, kind, spec, errors);

    private static void AssertErrors(string apiVersion, string kind, string spec, string[] errors) => Assert.Equal(
        errors, ResourceValidator.Validate(Make(kind, spec, "name", apiVersion)).Select(error => $"{error.Field} {error.Reason}"));
}
