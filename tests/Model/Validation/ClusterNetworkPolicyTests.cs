using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class ClusterNetworkPolicyTests
{
    [Fact]
    public void A_policy_that_uses_everything_is_fine() => Expect("""
        tier: Admin
        priority: 0
        subject: {namespaces: {}}
        ingress:
        - {name: a, action: Accept, from: [{namespaces: {matchLabels: {a: b}}}, {pods: {namespaceSelector: {}, podSelector: {}}}]}
        - {action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 65535}}}}, {destinationNamedPort: http}]}
        egress:
        - {action: Pass, to: [{nodes: {}}, {networks: [10.0.0.1/8, fd00::/8]}, {domainNames: ['*.example.org', example.org.]}], protocols: [{sctp: {destinationPort: {number: 1}}}]}
        """);

    [Theory]
    [InlineData("{}", "spec.tier Required", "spec.priority Required", "spec.subject Required")]
    [InlineData("{tier: Default, priority: 1001, subject: {}}", "spec.tier NotSupported", "spec.priority Invalid", "spec.subject Invalid")]
    [InlineData("{tier: Baseline, priority: 1, subject: {namespaces: {}, pods: {}}}", "spec.subject Invalid", "spec.subject.pods.namespaceSelector Required", "spec.subject.pods.podSelector Required")]
    public void The_head_must_be_complete(string spec, params string[] mistakes) => Expect(spec, mistakes);

    [Theory]
    [InlineData("{}", "spec.egress[0].action Required", "spec.egress[0].to Required")]
    [InlineData("{action: Allow, to: []}", "spec.egress[0].action NotSupported", "spec.egress[0].to Invalid")]
    [InlineData("{action: Deny, to: [{}]}", "spec.egress[0].to[0] Invalid")]
    [InlineData("{action: Deny, to: [{nodes: {}, networks: [10.0.0.0/8]}]}", "spec.egress[0].to[0] Invalid")]
    [InlineData("{action: Deny, to: [{networks: []}]}", "spec.egress[0].to[0].networks Invalid")]
    [InlineData("{action: Deny, to: [{networks: [10.0.0.0, 10.0.0.0/33, fd00::/8, fd00::/8]}]}", "spec.egress[0].to[0].networks[3] Duplicate", "spec.egress[0].to[0].networks[0] Invalid", "spec.egress[0].to[0].networks[1] Invalid")]
    [InlineData("{action: Accept, to: [{domainNames: [org, 'a.*.org', '*.org', 'b..org']}]}", "spec.egress[0].to[0].domainNames[0] Invalid", "spec.egress[0].to[0].domainNames[1] Invalid", "spec.egress[0].to[0].domainNames[2] Invalid", "spec.egress[0].to[0].domainNames[3] Invalid")]
    [InlineData("{action: Accept, to: [{nodes: {}}], protocols: [{destinationNamedPort: http}]}", "spec.egress[0].protocols[0].destinationNamedPort Invalid")]
    [InlineData("{action: Accept, to: [{namespaces: {}}], protocols: []}", "spec.egress[0].protocols Invalid")]
    [InlineData("{action: Accept, to: [{namespaces: {}}], protocols: [{}, {tcp: {}}, {tcp: {destinationPort: {}}}, {udp: {destinationPort: {number: 0}}}]}", "spec.egress[0].protocols[0] Invalid", "spec.egress[0].protocols[1].tcp.destinationPort Required", "spec.egress[0].protocols[2].tcp.destinationPort Invalid", "spec.egress[0].protocols[3].udp.destinationPort.number Invalid")]
    [InlineData("{action: Accept, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {start: 5, end: 5}}}}, {tcp: {destinationPort: {range: {end: 70000}}}}]}", "spec.egress[0].protocols[0].tcp.destinationPort.range Invalid", "spec.egress[0].protocols[1].tcp.destinationPort.range.start Required", "spec.egress[0].protocols[1].tcp.destinationPort.range.end Invalid")]
    [InlineData("{action: Accept, to: [{namespaces: {matchExpressions: [{key: a, operator: Is}]}}]}", "spec.egress[0].to[0].namespaces.matchExpressions[0].operator Invalid")]
    public void What_a_rule_must_not_say_is_named(string rule, params string[] mistakes) =>
        Expect($"{{tier: Admin, priority: 1, subject: {{namespaces: {{}}}}, egress: [{rule}]}}", mistakes);

    [Fact]
    public void Lists_have_at_most_25_items() => Expect(
        $"{{tier: Admin, priority: 1, subject: {{namespaces: {{}}}}, ingress: [{string.Join(',', Enumerable.Repeat("{action: Pass, from: [{namespaces: {}}]}", 26))}]}}",
        "spec.ingress TooMany");

    private static void Expect(string spec, params string[] mistakes) =>
        Judge.ExpectOf(ApiVersions.ClusterPolicy, "ClusterNetworkPolicy", spec, mistakes);
}
