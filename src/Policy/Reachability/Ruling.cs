using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability;

/// <summary>What is decided about a region of packets, and by what: the parts of a <see cref="Verdict"/> without the trace.</summary>
/// <param name="Allowed">Whether the packets pass.</param>
/// <param name="Reason">What ended the search.</param>
/// <param name="Decider">As in <see cref="Verdict.Decider"/>.</param>
public readonly record struct Ruling(bool Allowed, VerdictReason Reason, RuleId? Decider)
{
    /// <summary>Nothing stands in the way: this end is no endpoint.</summary>
    public static Ruling NoPolicy { get; } = new(true, VerdictReason.NoEndpoint, null);

    /// <summary>There is no such endpoint.</summary>
    public static Ruling NoEndpoint { get; } = new(false, VerdictReason.NoEndpoint, null);

    /// <summary>For people, in a few words.</summary>
    public override string ToString() => Reason switch
    {
        VerdictReason.Rule => $"rule {Decider}",
        VerdictReason.EndOfTier => $"end of tier {Decider?.Tier}",
        VerdictReason.NoProfile => "no policy and no profile allows it",
        VerdictReason.Failsafe => "a failsafe port of the host",
        VerdictReason.Undecided => "nothing decides here",
        VerdictReason.EndpointToHost => "defaultEndpointToHostAction",
        _ => Allowed ? "no policy here" : "no such endpoint",
    };
}
