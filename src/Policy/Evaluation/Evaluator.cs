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
    public Verdict Evaluate(EndpointId endpoint, PolicyDirection direction, in Packet packet)
    {
        if (!state.Endpoints.TryGetValue(endpoint, out var workload)) return new Verdict(false, VerdictReason.NoEndpoint, null, []);
        var walk = new PolicyWalk(state, direction, packet);
        return walk.Tiers(direction == PolicyDirection.Ingress ? workload.IngressTiers : workload.EgressTiers)
            ?? walk.Profiles(workload.Profiles);
    }
}
