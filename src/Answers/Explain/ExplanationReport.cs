using Margay.Answers.Reports;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Explanations as a report for CI: a connection that is not allowed is a failed check.</summary>
public static class ExplanationReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="tool">The command.</param>
    /// <param name="answers">The answers.</param>
    public static Report Of(string tool, IReadOnlyList<Explanation> answers) => new(tool, [.. answers.Select(Check)], []);

    private static Check Check(Explanation answer)
    {
        string name = $"{answer.Question.SourceText} -> {answer.Destination.Label}";
        if (answer.Verdict.Allowed) return new Check(name, CheckOutcome.Passed, "", []);
        using var text = new StringWriter();
        ExplanationText.Write(text, answer);
        string details = text.ToString();
        var finding = new Finding
        {
            Rule = answer.Verdict.Outcome == FlowOutcome.Denied ? "connection-denied" : "connection-impossible",
            Level = FindingLevel.Error,
            Message = details.Split('\n')[0],
            Object = answer.Verdict.Decisive?.Decider?.Policy.ToString() ?? "",
            File = answer.DecidedAt?.File,
            Line = answer.DecidedAt?.Line,
            Details = details,
        };
        return new Check(name, CheckOutcome.Failed, finding.Message, [finding]);
    }
}
