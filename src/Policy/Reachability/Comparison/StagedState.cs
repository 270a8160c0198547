using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>The policy as it would be with every staged policy enforced.</summary>
public static class StagedState
{
    /// <summary>A copy in which staged policies take the place of their counterparts, or take them away.</summary>
    public static CompiledState Enforce(CompiledState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var enforced = new CompiledState();
        enforced.Apply(state.Snapshot().Select(update => update switch
        {
            WorkloadEndpointUpdate endpoint => StagedWorld.Enforce(endpoint),
            HostEndpointUpdate endpoint => StagedWorld.Enforce(endpoint),
            _ => update,
        }));
        return enforced;
    }
}
