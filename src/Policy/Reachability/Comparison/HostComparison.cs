using Margay.Dataplane.Contract;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>Where pods run in two worlds; null for a pod without a node.</summary>
/// <param name="Before">The node of a pod before.</param>
/// <param name="After">The node of a pod after.</param>
public sealed record PodPlacement(Func<EndpointId, string?> Before, Func<EndpointId, string?> After)
{
    /// <summary>No pod's node is known.</summary>
    public static PodPlacement Unknown { get; } = new(_ => null, _ => null);
}

/// <summary>The part of a comparison that is about hosts' own connections.</summary>
internal sealed class HostComparison(FamilyReach before, FamilyReach after, JointHosts hosts, PodPlacement placement, FlowComparison flows)
{
    /// <summary>The ends of others than hosts, with the nodes of their pods.</summary>
    private sealed record Placed(JointEnd End, (string? Before, string? After)[] Nodes)
    {
        /// <summary>Whether one of the pods may be of a host before and not after, or the other way round.</summary>
        public bool HasMovers { get; } = Nodes.Any(n => n.Before != n.After);
    }

    /// <summary>Every pair with a host for which anything changes.</summary>
    /// <param name="others">The pods and the addresses outside.</param>
    /// <param name="stop">Ends the work.</param>
    internal IEnumerable<PairChange> Run(IReadOnlyList<JointEnd> others, CancellationToken stop)
    {
        // Hosts with the same decisions at addresses of the same atom see the same changes: asked once, and most see none.
        var alike = hosts.Places.Where(p => p.Address.Family == before.Atoms.Family).Select(End).GroupBy(Decisions).Select(g => g.ToArray()).ToArray();
        if (alike.Length == 0) yield break;
        var placed = others.Select(o => new Placed(o, [.. o.Endpoints.Select(e => (placement.Before(e), placement.After(e)))])).ToArray();
        foreach (var group in alike)
        {
            var changing = placed.Where(other => MayChange(group[0], other)).ToArray();
            var peers = alike.Where(g => Pair(group[0], g[0], false, false) is not null).SelectMany(g => g).ToArray();
            if (changing.Length + peers.Length == 0) continue;
            foreach (var host in group)
            {
                stop.ThrowIfCancellationRequested();
                foreach (var (piece, ownBefore, ownAfter) in changing.SelectMany(other => Pieces(other, host.Host!.Node)))
                {
                    if (Pair(piece, host, ownBefore, ownAfter) is { } to) yield return to;
                    if (Pair(host, piece, ownBefore, ownAfter) is { } from) yield return from;
                }
                foreach (var other in peers)
                    if (other.Host!.Node != host.Host!.Node && Pair(host, other, false, false) is { } change) yield return change;
            }
        }
    }

    private static (object?, object?, object?, object?, object?, object?, int) Decisions(JointEnd host) => (
        host.HostBefore?.FromNetwork, host.HostBefore?.ToNetwork, host.HostBefore?.FromOwnPods,
        host.HostAfter?.FromNetwork, host.HostAfter?.ToNetwork, host.HostAfter?.FromOwnPods, host.HostAtom);

    /// <summary>Whether anything changes between a host and others, whichever of their pods are its own.</summary>
    private bool MayChange(JointEnd host, Placed other)
    {
        foreach (bool ownBefore in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (bool ownAfter in (ReadOnlySpan<bool>)[false, true])
            {
                if ((ownBefore || ownAfter) && other.End.IsOutside) continue;
                if (ownBefore != ownAfter && !other.HasMovers) continue;
                if (Pair(other.End, host, ownBefore, ownAfter) is not null || Pair(host, other.End, ownBefore, ownAfter) is not null) return true;
            }
        }
        return false;
    }

    private JointEnd End(HostPlace place)
    {
        var end = new JointEnd(null, null, -1, []) { Host = place, HostAtom = before.Atoms.Of(place.Address) };
        return hosts.IsCertain(place.Node) ? end with { HostBefore = before.HostAt(place), HostAfter = after.HostAt(place) } : end;
    }

    /// <summary>Pods divided by whether they are of this host; everything else whole.</summary>
    private static IEnumerable<(JointEnd End, bool OwnBefore, bool OwnAfter)> Pieces(Placed other, string node)
    {
        var end = other.End;
        var groups = Enumerable.Range(0, other.Nodes.Length).GroupBy(i => (other.Nodes[i].Before == node, other.Nodes[i].After == node)).ToArray();
        if (groups.Length <= 1) return [(end, groups is [{ Key.Item1: true }], groups is [{ Key.Item2: true }])];
        return groups.Select(g => (end with { Endpoints = [.. g.Select(i => end.Endpoints[i])] }, g.Key.Item1, g.Key.Item2));
    }

    private PairChange? Pair(JointEnd from, JointEnd to, bool ownBefore, bool ownAfter)
    {
        var changes = flows.Between(Way(from, to, true, ownBefore), Way(from, to, false, ownAfter));
        return changes.IsEmpty ? null : new PairChange(before.Atoms.Family, from, to, changes);
    }

    private static FlowWay Way(JointEnd from, JointEnd to, bool isBefore, bool own)
    {
        int source = isBefore ? from.AtomBefore : from.AtomAfter, destination = isBefore ? to.AtomBefore : to.AtomAfter;
        if (source < 0 || destination < 0) return new FlowWay(null, null, Missing: source < 0 ? PolicyDirection.Egress : PolicyDirection.Ingress);
        var (sender, receiver) = isBefore ? (from.Before, to.Before) : (from.After, to.After);
        var (hostFrom, hostTo) = isBefore ? (from.HostBefore, to.HostBefore) : (from.HostAfter, to.HostAfter);
        // A host reaches its own pods whatever policy says, theirs too.
        if (own && hostFrom is not null) return new FlowWay(null, null, null);
        return new FlowWay(sender?.Egress.At(destination) ?? hostFrom?.ToNetwork.At(destination), receiver?.Ingress.At(source) ?? hostTo?.Ingress(source, own), null);
    }
}
