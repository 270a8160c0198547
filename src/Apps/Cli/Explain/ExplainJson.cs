using System.Text.Json.Nodes;
using Margay.Cli.Output;
using Margay.Policy.Evaluation;

namespace Margay.Cli.Explain;

/// <summary>Prints explanations for programs.</summary>
internal static class ExplainJson
{
    public static void Print(TextWriter output, FlowQuestion question, IReadOnlyList<(QuestionEnd End, FlowVerdict Verdict)> answers)
    {
        var list = new JsonArray();
        foreach (var (end, verdict) in answers)
        {
            list.Add((JsonNode)new JsonObject
            {
                ["source"] = question.SourceText,
                ["destination"] = end.Label,
                ["protocol"] = question.ProtocolName,
                ["outcome"] = verdict.Outcome.ToString(),
                ["allowed"] = verdict.Allowed,
                ["egress"] = Side(verdict.Egress),
                ["ingress"] = Side(verdict.Ingress),
            });
        }
        output.WriteLine(JsonText.Indented(list));
    }

    private static JsonObject? Side(Verdict? verdict)
    {
        if (verdict is null) return null;
        var trace = new JsonArray();
        foreach (var step in verdict.Trace) trace.Add((JsonNode)Step(step));
        return new JsonObject
        {
            ["allowed"] = verdict.Allowed,
            ["reason"] = verdict.Reason.ToString(),
            ["rule"] = verdict.Decider?.ToString(),
            ["trace"] = trace,
        };
    }

    private static JsonObject Step(TraceStep step) => step switch
    {
        TierEntered tier => new JsonObject { ["tier"] = tier.Tier },
        PolicyEntered policy => new JsonObject { ["policy"] = policy.Policy.ToString() },
        RuleVisited rule => new JsonObject { ["rule"] = rule.Rule.ToString(), ["action"] = rule.Action.ToString(), ["matched"] = rule.Matched },
        TierEnded end => new JsonObject { ["endOfTier"] = end.Tier, ["action"] = end.DefaultAction.ToString() },
        _ => new JsonObject { ["endOfProfiles"] = true },
    };
}
