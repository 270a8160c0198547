using System.Globalization;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;

namespace Margay.Answers.PolicyTests;

/// <summary>Results of policy tests, for people and for CI.</summary>
public static class PolicyTestReport
{
    /// <summary>Writes failures, and one line at the end.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="results">The results.</param>
    /// <param name="coverage">Whether to say which rules no test has tried.</param>
    public static void WriteText(TextWriter output, IReadOnlyList<PolicyTestFileResult> results, bool coverage)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(results);
        foreach (var failed in results.SelectMany(file => file.Results).Where(result => !result.Passed))
        {
            output.WriteLine($"FAILED {failed.Test.Place}: {failed.Test.Name}");
            foreach (string failure in failed.Failures) output.WriteLine("    " + failure.Replace("\n", "\n    ", StringComparison.Ordinal));
        }
        if (coverage) WriteCoverage(output, CoverageOf(results));
        int passed = results.Sum(file => file.Results.Count(result => result.Passed)), total = results.Sum(file => file.Results.Length);
        output.WriteLine($"{passed} passed, {total - passed} failed ({results.Sum(file => file.Results.Sum(result => result.Connections))} connections, {results.Count} files)");
    }

    /// <summary>The results as a report.</summary>
    public static Report ToReport(string tool, IReadOnlyList<PolicyTestFileResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new Report(tool, [.. results.SelectMany(file => file.Results.Select(result => Check(file.File.File, result)))], []);
    }

    /// <summary>The report as JSON, with the coverage.</summary>
    public static JsonObject ToJson(string tool, IReadOnlyList<PolicyTestFileResult> results)
    {
        var coverage = CoverageOf(results);
        var json = JsonReport.ToJson(ToReport(tool, results));
        json["coverage"] = new JsonObject
        {
            ["rules"] = coverage.Total,
            ["covered"] = coverage.Covered,
            ["missing"] = new JsonArray([.. coverage.Missing.Select(rule => (JsonNode)new JsonObject { ["rule"] = rule.Rule.ToString(), ["at"] = rule.Place })]),
        };
        return json;
    }

    /// <summary>The coverage of all files together.</summary>
    public static RuleCoverage CoverageOf(IReadOnlyList<PolicyTestFileResult> results) => RuleCoverage.Join([.. results.Select(file => file.Coverage)]);

    private static void WriteCoverage(TextWriter output, RuleCoverage coverage)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rules tried by tests: {coverage.Covered} of {coverage.Total} ({coverage.Percent:F0} %)"));
        foreach (var rule in coverage.Missing) output.WriteLine($"    not tried: {rule}");
    }

    private static Check Check(string file, PolicyTestResult result) => result.Passed
        ? new Check($"{file}: {result.Test.Name}", CheckOutcome.Passed, "", [])
        : new Check($"{file}: {result.Test.Name}", CheckOutcome.Failed, $"{result.Failures.Length} connections go otherwise", [.. result.Failures.Select(failure => new Finding
        {
            Rule = "policy-test",
            Level = FindingLevel.Error,
            Message = failure.Split('\n')[0],
            Details = failure,
            File = result.Test.Place.File,
            Line = result.Test.Place.LineOf(""),
        })]);
}
