using System.Collections.Immutable;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>The answer about one connection.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Destination">The destination that this answer is about.</param>
/// <param name="Verdict">The evaluator's answer.</param>
public sealed record Explanation(FlowQuestion Question, QuestionEnd Destination, FlowVerdict Verdict)
{
    /// <summary>The steps at the source; empty when no policy was asked there.</summary>
    public ImmutableArray<ExplainedStep> Egress { get; init; } = [];

    /// <summary>The steps at the destination; empty when no policy was asked there.</summary>
    public ImmutableArray<ExplainedStep> Ingress { get; init; } = [];

    /// <summary>Where the rule that decided stands; null when it stands in no file.</summary>
    public RulePlace? DecidedAt { get; init; }

    /// <summary>What would happen if every staged policy were enforced; null when there is none.</summary>
    public FlowVerdict? Pending { get; init; }

    /// <summary>What would have to change for the other verdict, each in a sentence; the likeliest first.</summary>
    public ImmutableArray<string> Remedies { get; init; } = [];

    /// <summary>What beside policy keeps the connection from working, or makes policy mean something else than it seems.</summary>
    public ImmutableArray<string> Causes { get; init; } = [];
}

/// <summary>A step on the way to a verdict, with where it stands and why it went as it did.</summary>
/// <param name="Step">The evaluator's step. Several contract rules of one rule are one step, that matched when one of them did.</param>
/// <param name="Place"><c>file:line</c> of a rule; null for other steps and for rules from no file.</param>
/// <param name="Why">Why a rule did not match: every part of it that the packet fails.</param>
public sealed record ExplainedStep(TraceStep Step, string? Place, ImmutableArray<string> Why);

/// <summary>Where a rule stands.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record RulePlace(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
