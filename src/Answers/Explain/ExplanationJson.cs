using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Explanations for programs.</summary>
public static class ExplanationJson
{
    /// <summary>One answer as an object.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="whole">Whether the steps, remedies and causes are in it.</param>
    public static JsonObject Of(Explanation answer, bool whole)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var verdict = answer.Verdict;
        var json = new JsonObject
        {
            ["source"] = answer.Question.SourceText,
            ["destination"] = answer.Destination.Label,
            ["protocol"] = answer.Question.ProtocolName,
            ["outcome"] = verdict.Outcome.ToString(),
            ["allowed"] = verdict.Allowed,
            ["reason"] = verdict.Decisive?.Reason.ToString(),
            ["rule"] = verdict.Decisive?.Decider?.ToString(),
        };
        if (answer.DecidedAt is not null) json["at"] = answer.DecidedAt.ToString();
        if (!whole) return json;
        json["egress"] = Side(verdict.Egress, answer.Egress);
        json["ingress"] = Side(verdict.Ingress, answer.Ingress);
        if (answer.Pending is { } pending)
            json["pending"] = new JsonObject { ["outcome"] = pending.Outcome.ToString(), ["allowed"] = pending.Allowed, ["rule"] = pending.Decisive?.Decider?.ToString() };
        json["remedies"] = Texts(answer.Remedies);
        json["causes"] = Texts(answer.Causes);
        return json;
    }

    private static JsonObject? Side(Verdict? verdict, ImmutableArray<ExplainedStep> steps) => verdict is null ? null : new JsonObject
    {
        ["allowed"] = verdict.Allowed,
        ["reason"] = verdict.Reason.ToString(),
        ["rule"] = verdict.Decider?.ToString(),
        ["trace"] = new JsonArray([.. steps.Select(step => (JsonNode)Step(step))]),
    };

    private static JsonObject Step(ExplainedStep explained)
    {
        switch (explained.Step)
        {
            case TierEntered tier: return new JsonObject { ["tier"] = tier.Tier };
            case PolicyEntered policy: return new JsonObject { ["policy"] = policy.Policy.ToString() };
            case TierEnded end: return new JsonObject { ["endOfTier"] = end.Tier, ["action"] = end.DefaultAction.ToString() };
            case RuleVisited rule:
                var json = new JsonObject { ["rule"] = rule.Rule.ToString(), ["action"] = rule.Action.ToString(), ["matched"] = rule.Matched };
                if (explained.Place is not null) json["at"] = explained.Place;
                if (!explained.Why.IsEmpty) json["why"] = Texts(explained.Why);
                return json;
            default: return new JsonObject { ["endOfProfiles"] = true };
        }
    }

    private static JsonArray Texts(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
