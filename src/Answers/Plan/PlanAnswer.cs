using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Comparison;

namespace Margay.Answers.Plan;

/// <summary>One line of a plan: all pairs of ends that change in the same way, for the same reason.</summary>
/// <param name="Kind">What changes.</param>
/// <param name="From">Who opens the connections, in words.</param>
/// <param name="To">To whom, in words.</param>
/// <param name="Packets">The protocols and ports, in words.</param>
/// <param name="Side">At whose policy the difference is.</param>
/// <param name="Before">What decided before.</param>
/// <param name="After">What will decide.</param>
/// <param name="Passes">Whether the connections pass after the change.</param>
/// <param name="Pairs">How many pairs of a pod with a pod, or of a pod with a group of addresses.</param>
public sealed record PlanLine(ChangeKind Kind, string From, string To, string Packets, PolicyDirection Side, Ruling Before, Ruling After, bool Passes, long Pairs);

/// <summary>The answer to <c>margay plan</c>.</summary>
/// <param name="Lines">What changes: what opens, what closes, what another rule decides.</param>
/// <param name="PodsBefore">How many pods there are.</param>
/// <param name="PodsAfter">How many there would be.</param>
/// <param name="Objects">What the change does to objects that say anything about policy, as <c>+ Kind(name)</c>, <c>- ...</c>, <c>~ ...</c>.</param>
public sealed record PlanAnswer(ImmutableArray<PlanLine> Lines, int PodsBefore, int PodsAfter, ImmutableArray<string> Objects)
{
    /// <summary>True when a connection opens or closes.</summary>
    public bool ChangesConnections => Lines.Any(l => l.Kind != ChangeKind.Redecided);

    /// <summary>The host endpoints whose policy differs in a way that is not among the lines.</summary>
    public ImmutableArray<UncomparedHost> Hosts { get; init; } = [];

    /// <summary>True when nothing changes, not even a deciding rule.</summary>
    public bool IsEmpty => Lines.IsEmpty && Hosts.IsEmpty;
}
