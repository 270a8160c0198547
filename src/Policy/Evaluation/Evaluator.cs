using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>
/// The definition of a verdict. Every data plane, and everything that explains or predicts, agrees with this: tiers in their
/// order, in each the policies in their order, in each the rules in theirs, the first match decides; then the tier's end;
/// then the profiles. It is written to be read, not to be fast.
/// </summary>
public sealed class Evaluator(CompiledState state)
{
    /// <summary>Decides about the first packet of a connection.</summary>
    /// <param name="endpoint">The endpoint whose policy is asked.</param>
    /// <param name="direction">Ingress when the packet goes to the endpoint.</param>
    /// <param name="packet">The packet.</param>
    public Verdict Evaluate(EndpointId endpoint, PolicyDirection direction, in Packet packet) =>
        state.Endpoints.TryGetValue(endpoint, out var workload) ? Evaluate(workload, direction, packet) : NoEndpoint;

    /// <summary>Decides, and says beside it what staged policies would change.</summary>
    /// <param name="endpoint">The endpoint whose policy is asked.</param>
    /// <param name="direction">Ingress when the packet goes to the endpoint.</param>
    /// <param name="packet">The packet.</param>
    public StagedVerdict EvaluateStaged(EndpointId endpoint, PolicyDirection direction, in Packet packet)
    {
        if (!state.Endpoints.TryGetValue(endpoint, out var workload)) return new StagedVerdict(NoEndpoint, NoEndpoint, []);
        var enforced = Evaluate(workload, direction, packet);
        if (workload.Staged is not { } staged) return new StagedVerdict(enforced, enforced, []);
        var effects = new List<StagedEffect>(staged.Policies.Length);
        foreach (var policy in staged.Policies) effects.Add(new StagedEffect(policy, Evaluate(StagedWorld.Enforce(workload, [policy]), direction, packet)));
        return new StagedVerdict(enforced, Evaluate(StagedWorld.Enforce(workload), direction, packet), [.. effects]);
    }

    private static Verdict NoEndpoint { get; } = new(false, VerdictReason.NoEndpoint, null, []);

    private Verdict Evaluate(WorkloadEndpointUpdate workload, PolicyDirection direction, in Packet packet)
    {
        var walk = new PolicyWalk(state, direction, packet);
        return walk.Tiers(direction == PolicyDirection.Ingress ? workload.IngressTiers : workload.EgressTiers)
            ?? walk.Profiles(workload.Profiles);
    }
}
