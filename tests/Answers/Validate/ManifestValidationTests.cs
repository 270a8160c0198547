using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Answers.Streams;
using Margay.Answers.Validate;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Answers.Tests.Validate;

public sealed class ManifestValidationTests
{
    [Fact]
    public void Findings_stand_at_the_lines_of_their_fields()
    {
        var check = Validate("""
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: {name: a, namespace: ns}
            spec:
              selector: app =
              ingress:
              - action: Allow
                source:
                  nets:
                  - 10.0.0.0/8
                  - 10.0.0.1/8
            ---
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: {name: a, namespace: ns}
            spec: {}
            """);

        Assert.Equal(CheckOutcome.Failed, check.Outcome);
        Assert.Equal(
            [("invalid", 11, "spec.ingress[0].source.nets[1]"), ("invalid", 5, "spec.selector")],
            check.Findings.Select(f => (f.Rule, f.Line!.Value, f.Field)));
        Assert.All(check.Findings, f => Assert.StartsWith("fix: ", f.Details, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_object_twice_and_pools_that_overlap_are_mistakes()
    {
        var check = Validate("""
            {apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: t}, spec: {order: 1}}
            ---
            {apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: t}, spec: {order: 2}}
            ---
            apiVersion: projectcalico.org/v3
            kind: IPPoolList
            items:
            - {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: a}, spec: {cidr: 10.0.0.0/16}}
            - {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: b}, spec: {cidr: 10.1.0.0/16}}
            - {apiVersion: projectcalico.org/v3, kind: IPPool, metadata: {name: c}, spec: {cidr: 10.0.128.0/17}}
            """);

        Assert.Equal([("duplicate", 3), ("invalid", 10)], check.Findings.Select(f => (f.Rule, f.Line!.Value)));
        Assert.Contains("overlaps with 10.0.0.0/16 of IPPool a at test.yaml:8", check.Findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_yaml_is_told_with_its_line() =>
        Assert.Equal([("unreadable", 2)], Validate("kind: Tier\nspec: a: b\n").Findings.Select(f => (f.Rule, f.Line!.Value)).Take(1));

    [Fact]
    public void Kinds_of_other_programs_are_noted_and_not_refused()
    {
        var check = Validate("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {anything: goes}}");

        Assert.Equal(CheckOutcome.Passed, check.Outcome);
        Assert.Equal(FindingLevel.Note, Assert.Single(check.Findings).Level);
    }

    [Theory]
    [InlineData("invariants: [{name: a, deny: {}}]")]
    [InlineData("{resources: [a.yaml], tests: []}")]
    public void Tests_and_invariants_beside_the_manifests_are_noted(string text) =>
        Assert.Equal([FindingLevel.Note], Validate(text).Findings.Select(f => f.Level));

    [Fact]
    public async Task Files_are_counted_each_by_itself()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.yaml"), "{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: t}, spec: {}}", stop);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "b.yaml"), "{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: a.b}, spec: {}}", stop);

            var answer = await new ManifestValidation(FieldValidation.Strict).RunAsync([folder.FullName], false, TextReader.Null, stop);

            Assert.Equal([CheckOutcome.Passed, CheckOutcome.Failed], answer.Checks.Select(check => check.Outcome));
            Assert.Equal((2, 0, false), (answer.Objects, answer.Skipped, answer.IsValid));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"id":7,"object":{"apiVersion":"projectcalico.org/v3","kind":"Tier","metadata":{"name":"t"},"spec":{}}}""", """{"id":7,"valid":true,"findings":[]}""")]
    [InlineData("""{"manifest":"apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: t}\nspec:\n  ordr: 5\n"}""", """{"valid":false,"findings":[{"rule":"unknown-field","level":"error","field":"spec.ordr","value":"ordr","line":5,"message":"unknown field \"spec.ordr\"","fix":"did you mean order?"}]}""")]
    [InlineData("""{"id":"a"}""", """{"id":"a","error":"\"manifest\" is missing or no text."}""")]
    [InlineData("""{"object":[]}""", """{"error":"\"object\" is no object."}""")]
    public async Task Questions_in_lines_are_answered_in_lines(string question, string answer)
    {
        using var output = new StringWriter();

        await JsonLines.RunAsync(new StringReader(question), output, new ObjectQuestion(FieldValidation.Strict).Answer, TestContext.Current.CancellationToken);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer), JsonNode.Parse(output.ToString())), output.ToString());
    }

    private static Check Validate(string text) => new ManifestValidation(FieldValidation.Strict).File(new SourceText("test.yaml", text));
}
