using Margay.Answers.PolicyTests;
using Xunit;

namespace Margay.Answers.Tests.PolicyTests;

public sealed class PolicyTestTests
{
    private const string Policies = """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: b, namespace: prod }
        spec:
          selector: app == 'b'
          types: [Ingress]
          ingress:
          - { action: Deny, source: { namespaceSelector: env == 'dev' } }
          - { action: Allow, protocol: TCP, source: { selector: app == 'a' }, destination: { ports: [80] } }
        """;

    [Theory]
    [InlineData("from: prod/a, to: 'prod/b:80', expect: allow", true)]
    [InlineData("from: prod/a, to: 'prod/b:80', expect: deny", false)]
    [InlineData("from: [prod/a, dev/a], to: 'prod/b:80', expect: allow", false)]
    [InlineData("from: dev/a, to: 'prod/b:80', expect: deny, by: 'default/np:prod/b/ingress/0'", true)]
    [InlineData("from: dev/a, to: 'prod/b:80', expect: deny, by: 'np:prod/b'", true)]
    [InlineData("from: dev/a, to: 'prod/b:80', expect: deny, by: end of tier default", false)]
    [InlineData("from: prod/a, to: 'prod/b:81', expect: deny, by: end of tier default", true)]
    [InlineData("from: dev/a, to: 'prod/b:80', expect: deny, at: destination", true)]
    [InlineData("from: dev/a, to: 'prod/b:80', expect: deny, at: source", false)]
    [InlineData("from: { namespaceSelector: env == 'dev' }, to: 'prod/b:80', expect: deny", true)]
    [InlineData("from: { selector: all() }, to: { selector: app == 'b', ports: [80] }, expect: deny", false)]
    [InlineData("from: { selector: app == 'misspelt' }, to: 'prod/b:80', expect: deny", false)]
    [InlineData("from: prod/nobody, to: 'prod/b:80', expect: deny", false)]
    // Of one pod to itself nothing can be said, and a test of nothing must not pass.
    [InlineData("from: { selector: app == 'b', namespaceSelector: env == 'prod' }, to: { selector: app == 'b', namespaceSelector: env == 'prod', ports: [80] }, expect: allow", false)]
    public void A_test_passes_when_every_connection_goes_as_it_says(string test, bool passes)
    {
        var result = Assert.Single(Run($"tests: [ {{ name: it, {test} }} ]").Results);
        Assert.True(result.Passed == passes, string.Join('\n', result.Failures));
    }

    [Fact]
    public void A_failure_tells_the_whole_story()
    {
        var failure = Assert.Single(Assert.Single(Run("tests: [ { name: it, from: dev/a, to: 'prod/b:80', expect: allow } ]").Results).Failures);

        Assert.StartsWith("dev/a -> prod/b:80 tcp: DENIED at the destination by rule default/np:prod/b/ingress/0", failure, StringComparison.Ordinal);
        Assert.Contains("what would open it:", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Coverage_lists_rules_that_no_connection_of_a_test_matched()
    {
        var coverage = Run("tests: [ { name: it, from: dev/a, to: 'prod/b:80', expect: deny } ]").Coverage;

        Assert.Equal((2, 1), (coverage.Total, coverage.Covered));
        Assert.Equal("default/np:prod/b/ingress/1", Assert.Single(coverage.Missing).Rule.ToString());
        Assert.Equal(50, coverage.Percent);
    }

    [Fact]
    public void Every_mistake_of_a_file_is_told_with_its_line()
    {
        const string text = """
            tests:
            - name: one
              from: a
              to: b:80
              expect: maybe
            - name: two
              form: a
              to: { selector: "app ==", ports: [] }
              expect: allow
              at: source
            """;
        var wrong = Assert.Throws<AnswerException>(() => PolicyTestReader.Read("t.test.yaml", text));

        string[] lines = wrong.Message.Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Contains("t.test.yaml:5: tests[0].expect: \"maybe\" is neither allow nor deny", lines);
        Assert.Contains(lines, line => line.StartsWith("t.test.yaml:7: tests[1].form: unknown field form", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("tests[1].from: from is missing", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("t.test.yaml:8: tests[1].to.selector: \"app ==\" is no selector", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("tests[1].to.ports: name at least one port", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("tests[1].at: says which side denies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_run_beside_each_other_and_their_resources_are_seen_from_them()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("margay-policy-tests-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "policies", "deep"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "policies", "deep", "all.yaml"), Manifests.Pods + Policies, stop);
            foreach (string name in new[] { "x", "y" })
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder.FullName, $"{name}.test.yaml"),
                    "resources: [policies]\ntests: [ { name: it, from: prod/a, to: 'prod/b:80', expect: allow } ]\n",
                    stop);
            }
            var suite = new PolicyTestSuite(() => new(() => throw new InvalidOperationException("no cluster"), TextReader.Null) { Recursive = true }, [], AllowInvalid: false);

            var results = await suite.RunAsync(PolicyTestSuite.Find([folder.FullName]), stop);

            Assert.Equal(["x.test.yaml", "y.test.yaml"], results.Select(file => Path.GetFileName(file.File.File)));
            Assert.All(results, file => Assert.All(file.Results, result => Assert.True(result.Passed)));
            var coverage = PolicyTestReport.CoverageOf(results);
            // The same rules at the same places, once.
            Assert.Equal((2, 1), (coverage.Total, coverage.Covered));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PolicyTestFileResult Run(string text) =>
        PolicyTestRun.Run(PolicyTestReader.Read("t.test.yaml", text), Manifests.World(Policies), TestContext.Current.CancellationToken);
}
