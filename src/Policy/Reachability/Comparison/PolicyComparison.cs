using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// The difference in connectivity between two policies: exact, over all packets. Pods are the same when namespace and name
/// are. A connection between pods needs both; one with an end that is not there does not pass.
/// </summary>
public static class PolicyComparison
{
    /// <summary>Compares.</summary>
    /// <param name="before">The policy as it is.</param>
    /// <param name="after">The policy as it would be.</param>
    /// <param name="placement">Where pods run: between a host and its own pods other rules hold.</param>
    /// <param name="stop">Ends the work.</param>
    public static PolicyDifference Compare(CompiledState before, CompiledState after, PodPlacement placement, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var worlds = PolicyReach.Analyze([before, after], []);
        var aliases = new RuleAliases(before, after);
        var hosts = new JointHosts(before, after);
        return new PolicyDifference(
            [
                .. new FamilyComparison(worlds[0].V4, worlds[1].V4, aliases, hosts, placement).Run(stop),
                .. new FamilyComparison(worlds[0].V6, worlds[1].V6, aliases, hosts, placement).Run(stop),
            ],
            worlds[0], worlds[1]);
    }
}

/// <summary>A difference in connectivity.</summary>
/// <param name="Changes">Every pair of ends for which anything changes.</param>
/// <param name="Before">Who reaches whom as it is.</param>
/// <param name="After">Who would reach whom; over the same atoms.</param>
public sealed record PolicyDifference(ImmutableArray<PairChange> Changes, PolicyReach Before, PolicyReach After);

/// <summary>The comparison in one family.</summary>
internal sealed class FamilyComparison(FamilyReach before, FamilyReach after, RuleAliases aliases, JointHosts hosts, PodPlacement placement)
{
    private readonly FlowComparison _flows = new(before.Atoms.Family, aliases);
    private readonly Dictionary<(PeerDecisions, PeerDecisions), Bitmap> _changed = [];

    /// <summary>Every pair of ends for which anything changes.</summary>
    internal IEnumerable<PairChange> Run(CancellationToken stop)
    {
        var pods = Pods();
        var outside = before.Atoms.Outside.Members().Select(a => new JointEnd(null, null, a, [])).ToArray();
        var byAtom = pods.Concat(outside).Where(e => e.Stays).ToLookup(e => e.AtomAfter);
        var moving = pods.Where(p => !p.Stays).ToArray();

        // For each atom of a source, the destinations whose own policy decides otherwise about it.
        var byPeer = new Dictionary<int, List<JointEnd>>();
        foreach (var to in pods.Where(p => p.Stays))
        {
            foreach (int atom in Changed(to.Before!.Ingress, to.After!.Ingress).Members())
            {
                if (!byPeer.TryGetValue(atom, out var list)) byPeer.Add(atom, list = []);
                list.Add(to);
            }
        }

        foreach (var from in pods.Concat(outside))
        {
            stop.ThrowIfCancellationRequested();
            IEnumerable<JointEnd> candidates = moving;
            if (!from.Stays)
            {
                candidates = pods.Concat(outside);
            }
            else
            {
                if (!from.IsOutside) candidates = candidates.Concat(Changed(from.Before!.Egress, from.After!.Egress).Members().SelectMany(atom => byAtom[atom]));
                candidates = candidates.Concat(byPeer.GetValueOrDefault(from.AtomAfter) ?? []).Distinct();
            }
            foreach (var to in candidates)
            {
                if (from.IsOutside && to.IsOutside) continue;
                // A pod that talks to itself meets no policy.
                if (from.Endpoints is [var one] && to.Endpoints is [var other] && one == other) continue;
                var changes = _flows.Between(Ways(from, to, before: true), Ways(from, to, before: false));
                if (!changes.IsEmpty) yield return new PairChange(before.Atoms.Family, from, to, changes);
            }
        }
        foreach (var change in new HostComparison(before, after, hosts, placement, _flows).Run([.. pods, .. outside], stop)) yield return change;
    }

    /// <summary>The pods of both worlds, divided by their classes before and after.</summary>
    private List<JointEnd> Pods()
    {
        var members = new Dictionary<(EndpointClass? Before, EndpointClass? After), List<EndpointId>>();
        foreach (var pod in before.Classes.Concat(after.Classes).SelectMany(c => c.Endpoints).Distinct())
        {
            var (old, now) = (before.Of(pod), after.Of(pod));
            // Several addresses are matched by atom; what has no match by position.
            var pairs = old.Select(o => (Before: (EndpointClass?)o, After: now.FirstOrDefault(n => n.Atom == o.Atom))).ToList();
            var lonely = new Queue<EndpointClass>(now.Where(n => pairs.TrueForAll(p => p.After != n)));
            for (int i = 0; i < pairs.Count; i++)
                if (pairs[i].After is null && lonely.TryDequeue(out var next)) pairs[i] = (pairs[i].Before, next);
            pairs.AddRange(lonely.Select(l => ((EndpointClass?)null, (EndpointClass?)l)));
            foreach (var pair in pairs)
            {
                if (!members.TryGetValue(pair, out var list)) members.Add(pair, list = []);
                list.Add(pod);
            }
        }
        return [.. members.Select(m => new JointEnd(m.Key.Before, m.Key.After, -1, [.. m.Value]))];
    }

    /// <summary>The decisions that a connection meets in one world.</summary>
    private static FlowWay Ways(JointEnd from, JointEnd to, bool before)
    {
        int source = before ? from.AtomBefore : from.AtomAfter, destination = before ? to.AtomBefore : to.AtomAfter;
        if (source < 0 || destination < 0) return new FlowWay(null, null, Missing: source < 0 ? PolicyDirection.Egress : PolicyDirection.Ingress);
        var (sender, receiver) = before ? (from.Before, to.Before) : (from.After, to.After);
        return new FlowWay(sender?.Egress.At(destination), receiver?.Ingress.At(source), null);
    }

    /// <summary>The atoms about which two policies decide differently.</summary>
    private Bitmap Changed(PeerDecisions old, PeerDecisions now)
    {
        if (_changed.TryGetValue((old, now), out var changed)) return changed;
        var differs = new Dictionary<(int, int), bool>();
        changed = new Bitmap(before.Atoms.Count, Enumerable.Range(0, before.Atoms.Count).Where(atom =>
        {
            var groups = (old.GroupOf(atom), now.GroupOf(atom));
            if (!differs.TryGetValue(groups, out bool known)) differs.Add(groups, known = !aliases.Same(old.At(atom), now.At(atom)));
            return known;
        }));
        _changed.Add((old, now), changed);
        return changed;
    }
}
