using Margay.Policy.Evaluation;
using Margay.Policy.Graph;

namespace Margay.Cli.Explain;

/// <summary>Prints explanations for people.</summary>
internal static class ExplainText
{
    public static void Print(
        TextWriter output, FlowQuestion question, IReadOnlyList<(QuestionEnd End, FlowVerdict Verdict)> answers, IEnumerable<PolicyProblem> problems)
    {
        foreach (var (end, verdict) in answers)
        {
            output.WriteLine($"{question.SourceText} -> {end.Label} {question.ProtocolName}: {Outcome(verdict)}");
            Side(output, "egress of the source", verdict.Egress, verdict.Outcome);
            Side(output, "ingress of the destination", verdict.Ingress, verdict.Outcome);
        }
        foreach (var problem in problems) output.WriteLine($"note: {problem.Policy} is closed where it could not be understood: {problem.Text}");
    }

    /// <summary>One line for what decided.</summary>
    public static string Decider(Verdict verdict) => verdict.Reason switch
    {
        VerdictReason.Rule => $"rule {verdict.Decider}",
        VerdictReason.EndOfTier => $"end of tier {verdict.Decider?.Tier}: a policy of the tier selects the pod and no rule matched",
        VerdictReason.NoProfile => "no policy decided and no profile allows it",
        _ => "the pod is not an endpoint: its interface is closed",
    };

    private static string Outcome(FlowVerdict verdict) => verdict.Outcome switch
    {
        FlowOutcome.Allowed => "ALLOWED" + (verdict.Decisive is { } last ? $" by {Decider(last)}" : ""),
        FlowOutcome.Denied => $"DENIED at the {(verdict.Egress is { Allowed: false } ? "source" : "destination")} by {Decider(verdict.Decisive!)}",
        FlowOutcome.UnknownEnd => "UNKNOWN: an end is a pod without an address",
        _ => "IMPOSSIBLE: the ends have no address family in common",
    };

    private static void Side(TextWriter output, string name, Verdict? verdict, FlowOutcome outcome)
    {
        if (verdict is null)
        {
            if (outcome is FlowOutcome.Allowed) output.WriteLine($"  {name}: not a pod here, no policy applies");
            return;
        }
        output.WriteLine($"  {name}: {(verdict.Allowed ? "allow" : "deny")}, {Decider(verdict)}");
        foreach (var step in verdict.Trace) output.WriteLine(Line(step));
    }

    private static string Line(TraceStep step) => step switch
    {
        TierEntered tier => $"    tier {tier.Tier}",
        PolicyEntered policy => $"      {policy.Policy}",
        RuleVisited rule => $"        {(rule.Matched ? "*" : " ")} rule {rule.Rule.Index} {rule.Action}{(rule.Matched ? ": matches" : "")}",
        TierEnded end => $"      end of tier {end.Tier}: {end.DefaultAction}",
        ProfilesEnded => "      end of profiles: Deny",
        _ => $"      {step}",
    };
}
