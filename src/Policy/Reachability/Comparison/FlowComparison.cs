using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>The decisions that connections between two ends meet in one world.</summary>
/// <param name="Egress">At the source; null when it is no endpoint.</param>
/// <param name="Ingress">At the destination; null when it is no endpoint.</param>
/// <param name="Missing">The side of an end that is not there in this world; null when both are.</param>
internal readonly record struct FlowWay(Decisions? Egress, Decisions? Ingress, PolicyDirection? Missing);

/// <summary>Compares what passes between two ends; remembered by the decisions, of which there are few.</summary>
internal sealed class FlowComparison(IpFamily family, RuleAliases aliases)
{
    /// <summary>One region of packets in one world: what each side says, and whether they pass.</summary>
    private readonly record struct Region(PacketSet Packets, Ruling Egress, Ruling? Ingress)
    {
        public bool Allowed => Egress.Allowed && Ingress is not { Allowed: false };

        /// <summary>The side that denied; egress when none did.</summary>
        public PolicyDirection Decisive => Egress.Allowed && Ingress is { Allowed: false } ? PolicyDirection.Ingress : PolicyDirection.Egress;
    }

    private readonly Dictionary<(FlowWay, FlowWay), ImmutableArray<FlowChange>> _known = new(new ByReference());

    /// <summary>What changes.</summary>
    internal ImmutableArray<FlowChange> Between(FlowWay before, FlowWay after)
    {
        if (_known.TryGetValue((before, after), out var changes)) return changes;
        var found = new List<FlowChange>();
        var now = Regions(after);
        foreach (var old in Regions(before))
        {
            foreach (var next in now)
            {
                var packets = old.Packets.And(next.Packets);
                if (!packets.IsEmpty && Change(packets, old, next) is { } change) found.Add(change);
            }
        }
        changes = [.. found.GroupBy(c => (c.Kind, c.Side, c.Before, c.After, c.Passes)).Select(g => g.First() with { Packets = g.Aggregate(PacketSet.Empty(family), (all, c) => all.Or(c.Packets)) })];
        _known.Add((before, after), changes);
        return changes;
    }

    private FlowChange? Change(PacketSet packets, Region old, Region next)
    {
        if (old.Allowed != next.Allowed)
        {
            var side = old.Allowed ? next.Decisive : old.Decisive;
            return new FlowChange(old.Allowed ? ChangeKind.Closes : ChangeKind.Opens, packets, side, At(old, side), At(next, side), next.Allowed);
        }
        foreach (var side in (ReadOnlySpan<PolicyDirection>)[PolicyDirection.Egress, PolicyDirection.Ingress])
        {
            // When both are denied, what the other side says does not matter; when the denying sides differ, both do.
            if (!old.Allowed && old.Decisive == next.Decisive && side != old.Decisive) continue;
            if (RuleAliases.Plain(At(old, side)) != aliases.Of(At(next, side)))
                return new FlowChange(ChangeKind.Redecided, packets, side, At(old, side), At(next, side), next.Allowed);
        }
        return null;
    }

    private static Ruling At(Region region, PolicyDirection side) => side == PolicyDirection.Egress ? region.Egress : region.Ingress ?? Ruling.NoPolicy;

    private List<Region> Regions(FlowWay way)
    {
        var all = PacketSet.All(family);
        if (way.Missing == PolicyDirection.Egress) return [new Region(all, Ruling.NoEndpoint, Ruling.NoPolicy)];
        if (way.Missing == PolicyDirection.Ingress) return [new Region(all, Ruling.NoPolicy, Ruling.NoEndpoint)];
        var regions = new List<Region>();
        var ingress = way.Ingress?.Regions ?? [(all, Ruling.NoPolicy)];
        foreach (var (packets, egress) in way.Egress?.Regions ?? [(all, Ruling.NoPolicy)])
        {
            foreach (var (more, ruling) in ingress)
            {
                var both = packets.And(more);
                if (!both.IsEmpty) regions.Add(new Region(both, egress, ruling));
            }
        }
        return regions;
    }

    private sealed class ByReference : IEqualityComparer<(FlowWay, FlowWay)>
    {
        public bool Equals((FlowWay, FlowWay) x, (FlowWay, FlowWay) y) => Same(x.Item1, y.Item1) && Same(x.Item2, y.Item2);

        public int GetHashCode((FlowWay, FlowWay) obj) => HashCode.Combine(Hash(obj.Item1), Hash(obj.Item2));

        private static bool Same(FlowWay x, FlowWay y) =>
            ReferenceEquals(x.Egress, y.Egress) && ReferenceEquals(x.Ingress, y.Ingress) && x.Missing == y.Missing;

        private static int Hash(FlowWay way) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(way.Egress), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(way.Ingress), way.Missing);
    }
}
