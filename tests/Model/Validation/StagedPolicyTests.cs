using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class StagedPolicyTests
{
    [Fact]
    public void Staged_policies_get_the_defaults_of_what_they_stand_for()
    {
        var policy = (StagedNetworkPolicy)Judge.Make("StagedNetworkPolicy", "{egress: [{action: Allow}]}");
        var kube = (StagedKubernetesNetworkPolicy)Judge.Make("StagedKubernetesNetworkPolicy", "{}");

        Assert.Equal(("Set", "default"), (policy.Spec.StagedAction, policy.Spec.Tier));
        Assert.Equal(["Egress"], policy.Spec.Types!);
        Assert.Equal(("Set", null), (kube.Spec.StagedAction, kube.Spec.PolicyTypes));
    }

    [Theory]
    [InlineData("StagedNetworkPolicy", "{stagedAction: Delete, tier: t}")]
    [InlineData("StagedGlobalNetworkPolicy", "{stagedAction: Delete}")]
    [InlineData("StagedKubernetesNetworkPolicy", "{stagedAction: Delete}")]
    [InlineData("StagedNetworkPolicy", "{stagedAction: Delete, order: 1, selector: all(), ingress: [{action: Allow}]}", "spec.order Forbidden", "spec.ingress Forbidden", "spec.selector Forbidden")]
    [InlineData("StagedGlobalNetworkPolicy", "{stagedAction: Delete, types: [Ingress], doNotTrack: true, namespaceSelector: all()}", "spec.types Forbidden", "spec.doNotTrack Forbidden", "spec.namespaceSelector Forbidden")]
    [InlineData("StagedKubernetesNetworkPolicy", "{stagedAction: Delete, podSelector: {matchLabels: {a: b}}, egress: [{}]}", "spec.podSelector Forbidden", "spec.egress Forbidden")]
    public void A_deletion_says_nothing_else(string kind, string spec, params string[] mistakes) => Judge.Expect(kind, spec, mistakes);

    [Theory]
    [InlineData("StagedNetworkPolicy", "{stagedAction: Maybe}", "spec.stagedAction NotSupported")]
    [InlineData("StagedNetworkPolicy", "{ingress: [{action: Maybe}]}", "spec.ingress[0].action NotSupported")]
    [InlineData("StagedGlobalNetworkPolicy", "{preDNAT: true}", "spec.applyOnForward Invalid")]
    [InlineData("StagedKubernetesNetworkPolicy", "{ingress: [{from: [{}]}]}", "spec.ingress[0].from[0] Required")]
    [InlineData("StagedKubernetesNetworkPolicy", "{stagedAction: Learn, ingress: [{}]}")]
    public void Staged_policies_obey_the_rules_of_what_they_stand_for(string kind, string spec, params string[] mistakes) =>
        Judge.Expect(kind, spec, mistakes);
}
