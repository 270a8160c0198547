using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Answers.Worlds;

/// <summary>What an answer says about hosts with policy of their own, and what it does not.</summary>
/// <param name="Places">The addresses of hosts whose own connections are part of the answer.</param>
/// <param name="Uncertain">Host endpoints of which it is not certain what they govern.</param>
/// <param name="Forwarding">Host endpoints that also have a say about what their host forwards, which is never part of an answer.</param>
/// <param name="PodsWithoutNode">How many pods have no node: they count as pods of other hosts.</param>
public sealed record HostCoverage(ImmutableArray<HostPlace> Places, ImmutableArray<UncertainHost> Uncertain, ImmutableArray<HostEndpointId> Forwarding, int PodsWithoutNode)
{
    /// <summary>Reads a world.</summary>
    public static HostCoverage Of(PolicyWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        if (world.State.HostEndpoints.Count == 0) return new HostCoverage([], [], [], 0);
        var places = new HostPlaces(world.State);
        var forwarding = world.State.HostEndpoints.Values.Where(SpeaksOfForwarded).Select(e => e.Id).OrderBy(id => id.Name, StringComparer.Ordinal);
        int homeless = world.State.Endpoints.Keys.Count(pod => world.NodeOf(pod) is null);
        return new HostCoverage([.. places.Places], places.Uncertain, [.. forwarding], homeless);
    }

    /// <summary>
    /// The policies about which nothing can be said from the answer: some of their say is about forwarded packets, or about
    /// hosts that are not part of it.
    /// </summary>
    public static IReadOnlySet<PolicyId> Unjudged(CompiledState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var uncertain = new HostPlaces(state).Uncertain.Select(u => u.Endpoint).ToHashSet();
        return state.HostEndpoints.Values.SelectMany(e => uncertain.Contains(e.Id) ? new[] { e.Untracked, e.PreDnat, e.Forward, e.Normal } : [e.Untracked, e.PreDnat, e.Forward])
            .SelectMany(hook => hook.Ingress.Concat(hook.Egress)).SelectMany(tier => tier.Policies).ToHashSet();
    }

    /// <summary>For people: a sentence for each thing that they must know.</summary>
    public IEnumerable<string> Remarks()
    {
        if (Places.Length > 0)
            yield return $"Hosts: connections of the host itself at {Places.Length} address{(Places.Length == 1 ? "" : "es")} are part of this.";
        if (Places.Length > 0 && PodsWithoutNode > 0) yield return $"{PodsWithoutNode} pod{(PodsWithoutNode == 1 ? " has" : "s have")} no node and count{(PodsWithoutNode == 1 ? "s" : "")} as of another host.";
        foreach (var (endpoint, why) in Uncertain) yield return $"Not looked at: host endpoint {endpoint}: {why}.";
        if (Forwarding.Length > 0)
            yield return $"Not looked at: what {string.Join(", ", Forwarding)} may stop of the traffic that passes through the host (applyOnForward, preDNAT, doNotTrack).";
    }

    private static bool SpeaksOfForwarded(HostEndpointUpdate endpoint) => !endpoint.Untracked.IsEmpty || !endpoint.PreDnat.IsEmpty || !endpoint.Forward.IsEmpty;
}
