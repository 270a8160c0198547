using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Prints explanations for people.</summary>
public static class ExplanationText
{
    /// <summary>Writes the answer about one connection.</summary>
    public static void Write(TextWriter output, Explanation answer)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(answer);
        var verdict = answer.Verdict;
        output.WriteLine($"{answer.Question.SourceText} -> {answer.Destination.Label} {answer.Question.ProtocolName}: {Outcome(answer)}");
        Side(output, "egress of the source", verdict.Egress, answer.Egress, verdict.Outcome);
        Side(output, "ingress of the destination", verdict.Ingress, answer.Ingress, verdict.Outcome);
        if (answer.Pending is { Outcome: FlowOutcome.Allowed or FlowOutcome.Denied } pending)
        {
            string same = pending.Allowed == verdict.Allowed ? "still " : "";
            output.WriteLine($"  with every staged policy enforced: {same}{(pending.Allowed ? "allowed" : "denied")}{(pending.Decisive is { } decisive ? $" by {Decider(decisive)}" : "")}");
        }
        Section(output, verdict.Allowed ? "what would close it:" : "what would open it:", answer.Remedies);
        Section(output, "besides policy:", answer.Causes);
    }

    /// <summary>One phrase for what decided.</summary>
    public static string Decider(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict.Reason switch
        {
            VerdictReason.Rule => $"rule {verdict.Decider}",
            VerdictReason.EndOfTier => $"end of tier {verdict.Decider?.Tier}: a policy of the tier selects the pod and no rule matched",
            VerdictReason.NoProfile => "no policy decided and no profile allows it",
            VerdictReason.Failsafe => "a failsafe port of the host",
            VerdictReason.Undecided => "nothing decided, and nothing drops by default here",
            VerdictReason.EndpointToHost => $"defaultEndpointToHostAction of the host ({(verdict.Allowed ? "Accept" : "Drop")}), which decides about traffic of its own pods to it",
            _ => "the pod is not an endpoint: its interface is closed",
        };
    }

    private static string Outcome(Explanation answer)
    {
        string at = answer.DecidedAt is { } place ? $" ({place})" : "";
        return answer.Verdict.Outcome switch
        {
            FlowOutcome.Allowed => "ALLOWED" + (answer.Verdict.Decisive is { } last ? $" by {Decider(last)}{at}" : ""),
            FlowOutcome.Denied => $"DENIED at the {(answer.Verdict.Egress is { Allowed: false } ? "source" : "destination")} by {Decider(answer.Verdict.Decisive!)}{at}",
            FlowOutcome.UnknownEnd => "UNKNOWN: an end is a pod without an address",
            _ => "IMPOSSIBLE: the ends have no address family in common",
        };
    }

    private static void Side(TextWriter output, string name, Verdict? verdict, IReadOnlyList<ExplainedStep> steps, FlowOutcome outcome)
    {
        if (verdict is null)
        {
            if (outcome is FlowOutcome.Allowed) output.WriteLine($"  {name}: not a pod here, no policy applies");
            return;
        }
        output.WriteLine($"  {name}: {(verdict.Allowed ? "allow" : "deny")}, {Decider(verdict)}");
        foreach (var step in steps)
        {
            output.WriteLine(Line(step));
            foreach (string why in step.Why) output.WriteLine($"              {why}");
        }
    }

    private static string Line(ExplainedStep step) => step.Step switch
    {
        TierEntered tier => $"    tier {tier.Tier}",
        PolicyEntered policy => $"      {policy.Policy}",
        RuleVisited rule => $"        {(rule.Matched ? "*" : " ")} rule {rule.Rule.Index} {rule.Action}{(step.Place is { } place ? $" ({place})" : "")}{(rule.Matched ? ": matches" : ":")}",
        TierEnded end => $"      end of tier {end.Tier}: {end.DefaultAction}",
        ProfilesEnded => "      end of profiles: Deny",
        _ => $"      {step.Step}",
    };

    private static void Section(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        output.WriteLine($"  {title}");
        foreach (string line in lines) output.WriteLine($"    - {line}");
    }
}
