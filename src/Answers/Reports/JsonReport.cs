using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.Answers.Reports;

/// <summary>Writes a report as one JSON object: <c>tool</c>, <c>checks</c>, <c>findings</c>.</summary>
public static class JsonReport
{
    /// <summary>The text goes to files and terminals, never into HTML: arrows and quotes stay readable.</summary>
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The report as an object, for commands that add to it.</summary>
    public static JsonObject ToJson(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new JsonObject
        {
            ["tool"] = report.Tool,
            ["checks"] = new JsonArray([.. report.Checks.Select(check => (JsonNode)new JsonObject
            {
                ["name"] = check.Name,
                ["outcome"] = Lower(check.Outcome.ToString()),
                ["details"] = check.Details,
                ["findings"] = List(check.Findings),
            })]),
            ["findings"] = List(report.Findings),
        };
    }

    /// <summary>Writes the report.</summary>
    public static void Write(TextWriter output, Report report) => Write(output, ToJson(report));

    /// <summary>Writes any object, with line breaks.</summary>
    public static void Write(TextWriter output, JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(node);
        output.WriteLine(node.ToJsonString(Indented));
    }

    private static JsonArray List(IEnumerable<Finding> findings) => new([.. findings.Select(f => (JsonNode)ToJson(f))]);

    private static JsonObject ToJson(Finding finding)
    {
        var json = new JsonObject { ["rule"] = finding.Rule, ["level"] = Lower(finding.Level.ToString()), ["message"] = finding.Message };
        if (finding.Object.Length > 0) json["object"] = finding.Object;
        if (finding.Field.Length > 0) json["field"] = finding.Field;
        if (finding.Value is not null) json["value"] = finding.Value;
        if (finding.File is not null) json["file"] = finding.File;
        if (finding.Line is not null) json["line"] = finding.Line;
        if (finding.Details.Length > 0) json["details"] = finding.Details;
        return json;
    }

    private static string Lower(string word) => word.ToLowerInvariant();
}
