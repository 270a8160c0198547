using System.Text.Json.Nodes;
using System.Xml.Linq;
using Margay.Answers.Reports;
using Xunit;

namespace Margay.Answers.Tests.Reports;

public sealed class ReportTests
{
    private static readonly Finding Bad = new()
    {
        Rule = "shadowed-rule", Level = FindingLevel.Warning, Message = "never decides \u0001<&\"", Object = "NetworkPolicy(a/b)", Field = "spec.ingress[0]",
        File = "a dir/p.yaml", Line = 7, Details = "more",
    };

    private static readonly Report Sample = new(
        "margay verify",
        [new Check("good", CheckOutcome.Passed, "", []), new Check("bad", CheckOutcome.Failed, "because", [Bad]), new Check("not tried", CheckOutcome.Skipped, "no reason", [])],
        [Bad with { File = null, Line = null, Level = FindingLevel.Error }]);

    [Fact]
    public void JUnit_counts_and_names_what_failed()
    {
        var suite = XDocument.Parse(Write("junit")).Root!.Element("testsuite")!;
        Assert.Equal(("4", "2", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
        var failure = suite.Elements("testcase").Single(c => c.Attribute("name")!.Value == "bad").Element("failure")!;
        Assert.Equal("because", failure.Attribute("message")!.Value);
        Assert.Contains("a dir/p.yaml:7: warning: NetworkPolicy(a/b): spec.ingress[0]: never decides ?<&\"", failure.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Sarif_has_rule_level_and_place_of_every_finding()
    {
        var run = JsonNode.Parse(Write("sarif"))!["runs"]![0]!;
        Assert.Equal("1.2.3", run["tool"]!["driver"]!["version"]!.GetValue<string>());
        var results = run["results"]!.AsArray();
        Assert.Equal(["warning", "error"], results.Select(r => r!["level"]!.GetValue<string>()));
        var place = results[0]!["locations"]![0]!["physicalLocation"]!;
        Assert.Equal(("a%20dir/p.yaml", 7), (place["artifactLocation"]!["uri"]!.GetValue<string>(), place["region"]!["startLine"]!.GetValue<int>()));
        Assert.Equal("shadowed-rule", run["tool"]!["driver"]!["rules"]![results[0]!["ruleIndex"]!.GetValue<int>()]!["id"]!.GetValue<string>());
    }

    [Fact]
    public void Json_has_everything()
    {
        var json = JsonNode.Parse(Write("json"))!;
        Assert.Equal(["passed", "failed", "skipped"], json["checks"]!.AsArray().Select(c => c!["outcome"]!.GetValue<string>()));
        Assert.Equal(7, json["checks"]![1]!["findings"]![0]!["line"]!.GetValue<int>());
        Assert.Null(json["findings"]![0]!["file"]);
    }

    private static string Write(string format)
    {
        using var text = new StringWriter();
        ReportFormat.Write(format, text, Sample, "1.2.3");
        return text.ToString();
    }
}
