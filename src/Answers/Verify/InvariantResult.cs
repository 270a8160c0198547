using System.Collections.Immutable;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Packets;

namespace Margay.Answers.Verify;

/// <summary>What came of an invariant.</summary>
public enum ProofOutcome
{
    /// <summary>It holds for every packet that can be.</summary>
    Proven,

    /// <summary>It does not hold; there is a counterexample.</summary>
    Refuted,

    /// <summary>A side is no pod and no address at all, so that nothing was proven.</summary>
    Empty,
}

/// <summary>The answer for one invariant.</summary>
/// <param name="Invariant">The invariant.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Pairs">How many pairs of groups of pods or addresses were decided.</param>
/// <param name="Counterexample">A connection that breaks it; null unless refuted.</param>
/// <param name="Breaches">Everything that breaks it, summed up; empty unless refuted.</param>
/// <param name="Remark">For an empty one, what is missing.</param>
public sealed record InvariantResult(
    Invariant Invariant, ProofOutcome Outcome, int Pairs, Counterexample? Counterexample, ImmutableArray<Breach> Breaches, string Remark)
{
    /// <summary>True when the invariant holds, or is empty and may be.</summary>
    public bool Holds => Outcome == ProofOutcome.Proven || (Outcome == ProofOutcome.Empty && Invariant.MayBeEmpty);
}

/// <summary>Traffic that breaks an invariant.</summary>
/// <param name="From">Who opens the connections.</param>
/// <param name="To">To whom.</param>
/// <param name="Packets">With what.</param>
public sealed record Breach(string From, string To, PacketSet Packets);

/// <summary>One connection that breaks an invariant, as the evaluator sees it.</summary>
/// <param name="Source">The pod that opens it, or the address.</param>
/// <param name="Destination">To which pod or address.</param>
/// <param name="Packet">Its first packet.</param>
/// <param name="Egress">The verdict at the source; null when it is no pod.</param>
/// <param name="Ingress">The verdict at the destination; null when it is no pod, or the source's policy denied.</param>
public sealed record Counterexample(string Source, string Destination, Packet Packet, Verdict? Egress, Verdict? Ingress)
{
    /// <summary>Whether the connection passes.</summary>
    public bool Allowed => Egress is not { Allowed: false } && Ingress is not { Allowed: false };
}
