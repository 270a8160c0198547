using System.Text.Json.Nodes;
using CsCheck;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Tests.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class DocumentValidatorTests
{
    private const string Head = "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: p, namespace: ns}\n";

    [Fact]
    public void Wrong_types_unknown_fields_and_wrong_values_are_told_together() => Expect(
        Head + """
        spec:
          order: ten
          selektor: all()
          types: Ingress
          ingress:
          - {action: Allow, ipVersion: 4.5, source: {nets: [10.0.0.1/8], ports: [1.5]}, destination: {ports: [80]}}
          - {action: Maybe, protocoll: TCP}
        """,
        "spec.order TypeInvalid: write a number",
        "spec.types TypeInvalid: write a list",
        "spec.ingress[0].ipVersion TypeInvalid: write a whole number between -2147483648 and 2147483647",
        "spec.ingress[0].source.ports[0] TypeInvalid: write a whole number or a string",
        "spec.selektor FieldUnknown: did you mean selector?",
        "spec.ingress[1].protocoll FieldUnknown: did you mean protocol?",
        "spec.ingress[0].source.nets[0] Invalid: write 10.0.0.0/8",
        "spec.ingress[0].destination.ports[0] Invalid: set spec.ingress[0].protocol to TCP, UDP or SCTP",
        "spec.ingress[1].action NotSupported: change the value to one that fits the rule");

    [Theory]
    [InlineData("selector: yes", "spec.selector TypeInvalid: write it in quotes: \"true\"")]
    [InlineData("tier: 5", "spec.tier TypeInvalid: write it in quotes: \"5\"")]
    [InlineData("ingress: {action: Allow}", "spec.ingress TypeInvalid: write a list")]
    [InlineData("ingress: [Allow]", "spec.ingress[0] TypeInvalid: write an object")]
    [InlineData("ingress: [{action: Allow, protocol: TCP, source: {ports: [null]}}]", "spec.ingress[0].source.ports[0] TypeInvalid: write a value")]
    [InlineData("ingress: [null]", "spec.ingress[0] Required: give spec.ingress[0] a value or remove it")]
    [InlineData("ingress: null")]
    public void Types_are_those_of_the_kind(string spec, params string[] mistakes) => Expect(Head + "spec: {" + spec + "}", mistakes);

    [Theory]
    [InlineData("kind: Tier", "apiVersion Required: add apiVersion")]
    [InlineData("apiVersion: projectcalico.org/v3", "kind Required: add kind")]
    [InlineData("{apiVersion: projectcalico.org/v3, kind: networkpolicy}", "kind KindUnknown: did you mean NetworkPolicy of projectcalico.org/v3?")]
    [InlineData("{apiVersion: projectcalico.org/v1, kind: Tier}", "kind KindUnknown: did you mean Tier of projectcalico.org/v3?")]
    [InlineData("{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {generateName: t-}, spec: {}}")]
    [InlineData("{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: t, namespace: ns}, spec: {}}", "metadata.namespace Forbidden: remove metadata.namespace")]
    [InlineData("{apiVersion: projectcalico.org/v3, kind: Tier}", "metadata.name Required: add metadata.name")]
    [InlineData("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, securityContext: {}}], tolerations: []}}")]
    public void An_object_says_what_it_is(string text, params string[] mistakes) => Expect(text, mistakes);

    [Fact]
    public void Unknown_fields_can_be_warnings_or_nothing()
    {
        var document = (JsonObject)YamlReader.ReadOne(Head + "spec: {selektor: all()}")!;

        var warned = DocumentValidator.Validate(document, FieldValidation.Warn);
        var ignored = DocumentValidator.Validate(document, FieldValidation.Ignore);

        Assert.Equal((0, 1), (warned.Errors.Count, warned.Warnings.Count));
        Assert.Equal((0, 0), (ignored.Errors.Count, ignored.Warnings.Count));
        Assert.NotNull(document["spec"]!["selektor"]);
        Assert.Equal("default", Assert.IsType<NetworkPolicy>(warned.Value).Spec.Tier);
    }

    [Theory]
    [MemberData(nameof(EveryFieldTests.Kinds), MemberType = typeof(EveryFieldTests))]
    public void What_a_kind_can_be_has_no_wrong_types_and_no_unknown_fields(string apiVersion, string kindName) =>
        AnyJson.Of(KindRegistry.Find(apiVersion, kindName)!).Sample(
            value => Assert.DoesNotContain(
                DocumentValidator.Validate(value).Errors,
                error => error.Reason is CauseReason.TypeInvalid or CauseReason.Unknown or CauseReason.UnknownKind),
            iter: 20);

    private static void Expect(string text, params string[] mistakes) => Assert.Equal(
        mistakes,
        DocumentValidator.Validate((JsonObject)YamlReader.ReadOne(text)!).Errors.Select(
            error => $"{error.Field} {error.Reason.Replace("FieldValue", "", StringComparison.Ordinal)}: {error.Fix}"));
}
