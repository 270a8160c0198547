using Margay.Model.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class ExtensionTests
{
    private const string Allow = "metadata: {annotations: {margay.io/extensions: 'true'}}";

    [Theory]
    [InlineData("GlobalNetworkPolicy", "{ingress: [{action: Reject}]}", "spec.ingress[0].action Forbidden")]
    [InlineData("NetworkPolicy", "{egress: [{action: Deny}, {action: Reject}]}", "spec.egress[1].action Forbidden")]
    [InlineData("StagedNetworkPolicy", "{ingress: [{action: Reject}]}", "spec.ingress[0].action Forbidden")]
    [InlineData("Profile", "{ingress: [{action: Reject}]}", "spec.ingress[0].action Forbidden")]
    [InlineData("Tier", "{defaultAction: Reject}", "spec.defaultAction Forbidden")]
    [InlineData("NetworkPolicy", "{validFrom: '2030-01-01T00:00:00Z'}", "spec.validFrom Forbidden")]
    [InlineData("GlobalNetworkPolicy", "{validUntil: '2030-01-01T00:00:00Z'}", "spec.validUntil Forbidden")]
    public void Extensions_are_refused_unless_the_object_allows_them(string kind, string spec, string mistake)
    {
        Judge.Expect(kind, spec, mistake);
        Judge.Expect(kind, $"{{metadata: {{annotations: {{margay.io/extensions: 'yes'}}}}, spec: {spec}}}", mistake);
        Judge.Expect(kind, $"{Allow}\nspec: {spec}");
    }

    [Theory]
    [InlineData("validFrom: '2030-01-01'", "spec.validFrom Invalid")]
    [InlineData("validFrom: '2030-01-01T00:00:00'", "spec.validFrom Invalid")]
    [InlineData("validUntil: tomorrow", "spec.validUntil Invalid")]
    [InlineData("validFrom: '2030-01-01T00:00:00Z', validUntil: '2030-01-01T01:00:00+02:00'", "spec.validUntil Invalid")]
    [InlineData("validFrom: '2030-01-01T00:00:00.5+02:00', validUntil: '2030-01-01T00:00:00Z'")]
    public void A_policy_counts_between_two_instants(string times, params string[] mistakes) =>
        Judge.Expect("NetworkPolicy", $"{Allow}\nspec: {{{times}}}", mistakes);

    [Fact]
    public void The_refusal_says_how_to_allow_it()
    {
        var error = Assert.Single(ResourceValidator.Validate(Judge.Make("Tier", "{defaultAction: Reject}")));

        Assert.Contains("margay.io/extensions: \"true\"", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Built_in_tiers_stay_as_they_are() =>
        Assert.Equal(
            ["spec.defaultAction Invalid"],
            ResourceValidator.Validate(Judge.Make("Tier", $"{Allow}\nspec: {{order: 1000000, defaultAction: Reject}}", Tier.DefaultName)).Select(Judge.Short));
}
