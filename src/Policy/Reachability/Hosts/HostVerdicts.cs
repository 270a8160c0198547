using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Hosts;

/// <summary>What <see cref="HostEvaluator"/> says about one packet of a host's own processes, as one verdict of the host's side.</summary>
public static class HostVerdicts
{
    /// <summary>The verdict about a packet to the host.</summary>
    /// <param name="state">The compiled policy.</param>
    /// <param name="place">The host's address, that of the packet's destination.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="ownPod">The pod of the same host that sends it, whose egress policy allows it; null when it comes from elsewhere.</param>
    public static Verdict To(CompiledState state, HostPlace place, in Packet packet, EndpointId? ownPod)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(place);
        PassageEnd from = ownPod is { } pod ? new PassageEnd.Workload(pod) : new PassageEnd.Beyond(place.At);
        var passage = new HostEvaluator(state, place.Node).Evaluate(new HostPassage(from, new PassageEnd.Host(), packet));
        if (ownPod is null) return Decisive(passage);
        // The pod's own policy speaks for the other side.
        if (passage.Hooks.FirstOrDefault(h => h.Workload is null && !h.Verdict.Allowed) is { } denied) return denied.Verdict;
        return (state.Settings ?? new NodeSettings()).EndpointToHost switch
        {
            EndpointToHostAction.Accept => new Verdict(true, VerdictReason.EndpointToHost, null, []),
            EndpointToHostAction.Return => new Verdict(true, VerdictReason.Undecided, null, []),
            _ => new Verdict(false, VerdictReason.EndpointToHost, null, []),
        };
    }

    /// <summary>The verdict about a packet that the host sends, except to its own pods.</summary>
    public static Verdict From(CompiledState state, HostPlace place, in Packet packet)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(place);
        return Decisive(new HostEvaluator(state, place.Node).Evaluate(new HostPassage(new PassageEnd.Host(), new PassageEnd.Beyond(place.At), packet)));
    }

    private static Verdict Decisive(PassageVerdict passage) => passage.Decisive?.Verdict ?? new Verdict(true, VerdictReason.Undecided, null, []);
}
