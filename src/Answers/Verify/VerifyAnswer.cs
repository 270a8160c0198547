using System.Collections.Immutable;
using Margay.Answers.Reports;
using Margay.Answers.Worlds;

namespace Margay.Answers.Verify;

/// <summary>The answer to <c>margay verify</c>.</summary>
/// <param name="Invariants">What came of each invariant, in the file's order.</param>
/// <param name="Hygiene">Rules and policies that do nothing, or too much.</param>
/// <param name="Pods">How many pods there are.</param>
/// <param name="Policies">How many policies there are.</param>
/// <param name="Classes">Into how many classes of both families the pods fall.</param>
public sealed record VerifyAnswer(
    ImmutableArray<InvariantResult> Invariants, ImmutableArray<Finding> Hygiene, int Pods, int Policies, int Classes)
{
    /// <summary>What the proofs say about hosts with policy of their own, and what they do not.</summary>
    public HostCoverage Hosts { get; init; } = new([], [], [], 0);

    /// <summary>True when every invariant holds.</summary>
    public bool Holds => Invariants.All(i => i.Holds);
}
