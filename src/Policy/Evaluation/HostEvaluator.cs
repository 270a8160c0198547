using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>
/// The definition of what host endpoints do to a packet on its way through one host. Hooks are asked in the order in which the
/// kernel meets them; see docs/design/policy.md, "Host endpoints".
/// </summary>
/// <param name="state">The compiled policy.</param>
/// <param name="node">The host.</param>
public sealed class HostEvaluator(CompiledState state, string node)
{
    /// <summary>Decides about the first packet of a connection.</summary>
    public PassageVerdict Evaluate(HostPassage passage)
    {
        ArgumentNullException.ThrowIfNull(passage);
        return Evaluate(passage, pending: false);
    }

    /// <summary>Decides, and says beside it what would happen if every staged policy were enforced.</summary>
    public StagedPassageVerdict EvaluateStaged(HostPassage passage)
    {
        ArgumentNullException.ThrowIfNull(passage);
        return new StagedPassageVerdict(Evaluate(passage, pending: false), Evaluate(passage, pending: true));
    }

    private PassageVerdict Evaluate(HostPassage passage, bool pending)
    {
        var here = state.HostEndpoints.Values.Where(e => e.Node == node);
        var way = new HostWay(state, new HostEndpointChoice(pending ? here.Select(StagedWorld.Enforce) : here), passage) { IsPending = pending };
        switch (passage.From, passage.To)
        {
            // The host reaches its own workloads whatever policy says: otherwise no probe would work.
            case (PassageEnd.Host, PassageEnd.Host or PassageEnd.Workload):
                break;
            case (PassageEnd.Host, _):
                way.AskUntracked(passage.To, PolicyDirection.Egress);
                if (!way.IsAccepted) way.Ask(passage.To, PolicyHook.Normal, PolicyDirection.Egress);
                break;
            case (PassageEnd.Workload from, PassageEnd.Host):
                way.Arrive();
                way.AskWorkload(from.Endpoint, PolicyDirection.Egress);
                return way.EndAt((state.Settings ?? new NodeSettings()).EndpointToHost);
            case (_, PassageEnd.Host):
                way.Arrive();
                if (!way.IsAccepted) way.Ask(passage.From, PolicyHook.Normal, PolicyDirection.Ingress);
                break;
            default:
                Forward(passage, way);
                break;
        }
        return way.End();
    }

    /// <summary>An early hook of the way in speaks for the way in only: workloads and the way out are asked all the same.</summary>
    private static void Forward(HostPassage passage, HostWay way)
    {
        way.Arrive();
        if (!way.IsAccepted) way.Ask(passage.From, PolicyHook.Forward, PolicyDirection.Ingress);
        if (passage.From is PassageEnd.Workload from) way.AskWorkload(from.Endpoint, PolicyDirection.Egress);
        if (passage.To is PassageEnd.Workload to) way.AskWorkload(to.Endpoint, PolicyDirection.Ingress);
        way.Ask(passage.To, PolicyHook.Forward, PolicyDirection.Egress);
    }
}
