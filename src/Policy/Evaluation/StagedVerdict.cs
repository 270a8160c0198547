using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>A verdict, and beside it what it would be if staged policies were enforced.</summary>
/// <param name="Enforced">What happens.</param>
/// <param name="Pending">What would happen if every staged policy were enforced; the same when none concerns the endpoint.</param>
/// <param name="Effects">Each staged policy that concerns the endpoint, sorted, with what it would do.</param>
public sealed record StagedVerdict(Verdict Enforced, Verdict Pending, ImmutableArray<StagedEffect> Effects)
{
    /// <summary>True when enforcing all staged policies would change whether the packet passes.</summary>
    public bool Changes => Enforced.Allowed != Pending.Allowed;
}

/// <summary>What one staged policy would do.</summary>
/// <param name="Policy">The staged policy.</param>
/// <param name="Alone">The verdict if this policy, and no other staged one, were enforced.</param>
public sealed record StagedEffect(PolicyId Policy, Verdict Alone);

/// <summary>The answer for a connection, and beside it what it would be if every staged policy were enforced.</summary>
/// <param name="Enforced">What happens.</param>
/// <param name="Pending">What would happen.</param>
public sealed record StagedFlowVerdict(FlowVerdict Enforced, FlowVerdict Pending)
{
    /// <summary>True when enforcing all staged policies would change whether the connection passes.</summary>
    public bool Changes => Enforced.Allowed != Pending.Allowed;
}

/// <summary>The answer for a passage through a host, and beside it what it would be if every staged policy were enforced.</summary>
/// <param name="Enforced">What happens.</param>
/// <param name="Pending">What would happen.</param>
public sealed record StagedPassageVerdict(PassageVerdict Enforced, PassageVerdict Pending)
{
    /// <summary>True when enforcing all staged policies would change whether the packet passes.</summary>
    public bool Changes => Enforced.Passes != Pending.Passes;
}
