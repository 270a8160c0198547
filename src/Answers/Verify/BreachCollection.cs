using System.Collections.Immutable;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Hosts;
using Margay.Policy.Reachability.Packets;

namespace Margay.Answers.Verify;

/// <summary>One connection that breaks an invariant, with the pods at its ends.</summary>
internal readonly record struct FoundBreach(Packet Packet, (EndpointId? Source, EndpointId? Destination) Pods, Cell Source, Cell Destination);

/// <summary>Everything that breaks an invariant: the smallest connection of all, and a summary.</summary>
internal sealed class BreachCollection(PodNames pods, AddressNames addresses)
{
    private readonly List<(FamilyReach Family, Cell Source, Cell Destination, PacketSet Packets)> _all = [];
    private readonly Dictionary<IReadOnlyList<EndpointId>, Bitmap> _pods = new(ReferenceEqualityComparer.Instance);
    private FoundBreach? _first;

    /// <summary>The smallest connection; null while there is none.</summary>
    internal FoundBreach? First => _first;

    /// <summary>Takes packets between two cells.</summary>
    internal void Add(FamilyReach family, Cell source, Cell destination, PacketSet packets)
    {
        _all.Add((family, source, destination, packets));
        var (from, to) = Ends(source, destination);
        var packet = PacketSample.Of(packets, Address(family, source, from), Address(family, destination, to));
        var breach = new FoundBreach(packet, (from, to), source, destination);
        if (_first is not { } best || Compare(breach, best) < 0) _first = breach;
    }

    /// <summary>What breaks it: sources with equal destinations and packets together.</summary>
    internal ImmutableArray<Breach> Sum()
    {
        var named = _all.GroupBy(b => (b.Family, b.Packets, Destination: (b.Destination.Class is null, b.Destination.Atom, b.Destination.Mask, b.Destination.Host, b.Destination.Node)))
            .Select(g => (g.Key.Family, g.Key.Packets, Sources: g.Select(b => b.Source).ToList(), Destinations: g.Select(b => b.Destination).Distinct().ToList()))
            .GroupBy(g => (g.Family, g.Packets, Sources: string.Join(' ', g.Sources.Select(s => $"{s.Class?.Number ?? -1}/{s.Atom}/{s.Mask}/{s.Node}/{s.Host?.Address}").Distinct().Order(StringComparer.Ordinal))))
            .Select(g => new Breach(Names(g.Key.Family, g.First().Sources), Names(g.Key.Family, [.. g.SelectMany(x => x.Destinations)]), g.Key.Packets));
        return [.. named.DistinctBy(b => (b.From, b.To, b.Packets.ToString())).OrderBy(b => b.From, StringComparer.Ordinal).ThenBy(b => b.To, StringComparer.Ordinal)];
    }

    /// <summary>The pods of a cell; found once, since a cell is in many breaches.</summary>
    private Bitmap SetOf(Cell cell)
    {
        if (!_pods.TryGetValue(cell.Pods, out var set)) _pods.Add(cell.Pods, set = pods.SetOf(cell.Pods));
        return set;
    }

    private string Names(FamilyReach family, IReadOnlyCollection<Cell> cells)
    {
        var parts = new List<string>();
        if (cells.Where(c => c.Pods.Count > 0).Select(SetOf).Aggregate((Bitmap?)null, (all, some) => all?.Or(some) ?? some) is { } members) parts.Add(pods.Describe(members) + (cells.Any(c => c.Node == Cell.OtherNodes) ? " of other nodes" : ""));
        parts.AddRange(cells.Select(c => c.Host).OfType<HostEnd>().GroupBy(h => h.Node).Select(h => $"host {h.Key}"));
        var outside = new Bitmap(family.Atoms.Count, cells.Where(c => c.IsOutside).Select(c => c.Atom));
        if (!outside.IsEmpty) parts.Add(addresses.Describe(family.Atoms, outside));
        return string.Join(" and ", parts);
    }

    /// <summary>The first pod of each; two different ones.</summary>
    private static (EndpointId?, EndpointId?) Ends(Cell source, Cell destination)
    {
        EndpointId? from = source.Pods.Count > 0 ? source.Pods[0] : null;
        EndpointId? to = destination.Pods.Count > 0 ? destination.Pods[0] : null;
        if (from is null || from != to) return (from, to);
        return destination.Pods.Count > 1 ? (from, destination.Pods[1]) : (source.Pods[1], to);
    }

    private static IpAddr Address(FamilyReach family, Cell cell, EndpointId? pod) =>
        pod is { } id ? family.AddressOf(id, cell.Atom) : cell.Host is { } host ? host.Address : Ordinary(family.Atoms.OutsideOf(cell.Atom)[0]);

    /// <summary>Not the first address of a large range: that looks like a network, not like somebody.</summary>
    private static IpAddr Ordinary(Policy.Reachability.Addresses.AddressRange range) =>
        range.First == range.Last ? range.First : IpAddr.FromValue(range.First.Value + 1, range.First.Family);

    private static int Compare(FoundBreach a, FoundBreach b)
    {
        int order = Rank(a.Packet).CompareTo(Rank(b.Packet));
        // Ports are compared after the ends: the first port of everything says little about what is open.
        if (order == 0) order = (a.Pods.Source is null).CompareTo(b.Pods.Source is null);
        if (order == 0) order = string.CompareOrdinal(a.Pods.Source?.ToString(), b.Pods.Source?.ToString());
        if (order == 0) order = string.CompareOrdinal(a.Pods.Destination?.ToString(), b.Pods.Destination?.ToString());
        if (order == 0) order = a.Packet.Destination.CompareTo(b.Packet.Destination);
        if (order == 0) order = a.Packet.Source.CompareTo(b.Packet.Source);
        return order != 0 ? order : a.Packet.DestinationPort.CompareTo(b.Packet.DestinationPort);
    }

    private static int Rank(Packet packet) => (packet.Source.Family == IpFamily.V4 ? 0 : 8) + packet.Protocol switch { 6 => 0, 17 => 1, 132 => 2, 136 => 3, 1 or 58 => 4, _ => 5 };
}
