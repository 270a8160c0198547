using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>What ended the search.</summary>
public enum VerdictReason
{
    /// <summary>A rule of a policy or profile allowed or denied.</summary>
    Rule,

    /// <summary>No rule of a tier decided, and the tier denies at its end.</summary>
    EndOfTier,

    /// <summary>No tier decided and no profile allowed.</summary>
    NoProfile,

    /// <summary>There is no such endpoint: its interface is closed.</summary>
    NoEndpoint,

    /// <summary>A failsafe port of the host: no policy was asked.</summary>
    Failsafe,

    /// <summary>Nothing decided, and this place does not drop by default: what comes later decides.</summary>
    Undecided,

    /// <summary>Traffic of a workload to its own host, decided by the node's <c>defaultEndpointToHostAction</c>; no rule was asked.</summary>
    EndpointToHost,
}

/// <summary>The answer for one packet at one endpoint in one direction.</summary>
/// <param name="Allowed">Whether the packet passes.</param>
/// <param name="Reason">What ended the search.</param>
/// <param name="Decider">
/// The rule that decided. At the end of a tier: the tier's last policy with index -1. Without a profile that allows: the
/// last profile with index -1. Null when the endpoint has no profile, or is not there.
/// </param>
/// <param name="Trace">Every step on the way, in order.</param>
public sealed record Verdict(bool Allowed, VerdictReason Reason, RuleId? Decider, ImmutableArray<TraceStep> Trace)
{
    /// <summary>True when a denied packet is answered with an error, because the rule or the tier's end says so.</summary>
    public bool Rejected { get; init; }
}

/// <summary>A step on the way to a verdict.</summary>
public abstract record TraceStep;

/// <summary>A tier with policies for the endpoint in this direction was entered.</summary>
public sealed record TierEntered(string Tier) : TraceStep;

/// <summary>A policy or profile was entered.</summary>
public sealed record PolicyEntered(PolicyId Policy) : TraceStep;

/// <summary>A rule was compared with the packet.</summary>
public sealed record RuleVisited(RuleId Rule, RuleAction Action, bool Matched) : TraceStep;

/// <summary>No rule of the tier decided.</summary>
public sealed record TierEnded(string Tier, TierDefaultAction DefaultAction) : TraceStep;

/// <summary>No profile decided.</summary>
public sealed record ProfilesEnded : TraceStep;
