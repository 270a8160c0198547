using System.Text.Json.Nodes;

namespace Margay.Answers.Reports;

/// <summary>Writes the findings of a report as SARIF 2.1.0 (OASIS), which code hosts show at the lines that they are about.</summary>
public static class SarifReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="version">The version of the program.</param>
    public static void Write(TextWriter output, Report report, string version)
    {
        ArgumentNullException.ThrowIfNull(report);
        var findings = report.AllFindings.ToArray();
        var rules = findings.Select(f => f.Rule).Distinct().Order(StringComparer.Ordinal).ToArray();
        JsonReport.Write(output, new JsonObject
        {
            ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = report.Tool,
                        ["version"] = version,
                        ["rules"] = new JsonArray([.. rules.Select(r => (JsonNode)new JsonObject { ["id"] = r })]),
                    },
                },
                ["results"] = new JsonArray([.. findings.Select(f => (JsonNode)Result(f, rules))]),
            }),
        });
    }

    private static JsonObject Result(Finding finding, string[] rules)
    {
        var result = new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = Array.IndexOf(rules, finding.Rule),
            ["level"] = finding.Level.ToString().ToLowerInvariant(),
            ["message"] = new JsonObject { ["text"] = Text(finding) },
        };
        var location = new JsonObject();
        if (finding.File is { } file)
        {
            var physical = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = Uri(file) } };
            if (finding.Line is { } line) physical["region"] = new JsonObject { ["startLine"] = line };
            location["physicalLocation"] = physical;
        }
        if (finding.Object.Length > 0)
            location["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = finding.Field.Length == 0 ? finding.Object : $"{finding.Object}.{finding.Field}" });
        if (location.Count > 0) result["locations"] = new JsonArray(location);
        return result;
    }

    private static string Text(Finding finding)
    {
        string text = finding.Field.Length == 0 ? finding.Message : $"{finding.Field}: {finding.Message}";
        return finding.Details.Length == 0 ? text : $"{text}\n{finding.Details}";
    }

    /// <summary>Relative references with forward slashes, escaped segment by segment.</summary>
    private static string Uri(string file) => string.Join('/', file.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));
}
