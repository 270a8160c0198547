using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Answers.Verify;

/// <summary>Pods of one class, a host, or outside addresses of one atom, that the sides of an invariant do not tell apart.</summary>
/// <param name="Class">Their class; null for addresses outside.</param>
/// <param name="Atom">The atom of their addresses.</param>
/// <param name="Mask">Which sides they are on, a bit for each.</param>
/// <param name="Pods">The pods; empty for addresses outside.</param>
internal sealed record Cell(EndpointClass? Class, int Atom, uint Mask, IReadOnlyList<EndpointId> Pods)
{
    /// <summary>The host whose own processes it is; null for pods and for addresses outside.</summary>
    internal HostEnd? Host { get; init; }

    /// <summary>The pods of each node that is a host with policy of its own; null when there is none.</summary>
    internal ILookup<string?, EndpointId>? ByNode { get; init; }

    /// <summary>The node of a host, and of its own pods; <see cref="OtherNodes"/>; null when it does not matter. See <see cref="Beside"/>.</summary>
    internal string? Node { get; init; }

    /// <summary>What <see cref="Node"/> is for pods of any node but that of the host on the other side.</summary>
    internal const string OtherNodes = "";

    /// <summary>True when no policy speaks for it.</summary>
    internal bool IsOutside => Class is null && Host is null;

    internal bool Is(int side) => (Mask & (1u << side)) != 0;

    /// <summary>
    /// The cell as another one sees it: beside a host, pods are divided into its own and others, because other rules hold between a host and its
    /// pods. Beside anything else nodes do not matter.
    /// </summary>
    internal IEnumerable<Cell> Beside(Cell other)
    {
        if (other.Host is not { } host || ByNode is null || !ByNode.Contains(host.Node)) return [this];
        Cell own = this with { Pods = [.. ByNode[host.Node]], Node = host.Node };
        return own.Pods.Count == Pods.Count ? [own] : [own, this with { Pods = [.. ByNode.Where(n => n.Key != host.Node).SelectMany(n => n)], Node = OtherNodes }];
    }
}

/// <summary>Finds who is on which side of an invariant.</summary>
internal sealed class SideMembers(PolicyWorld world, FamilyReach reach)
{
    private readonly HashSet<string> _hosts = [.. reach.Hosts.Select(h => h.Node)];

    /// <summary>Everybody who is on one of the sides, divided so that all members of a cell are on the same sides.</summary>
    internal List<Cell> Divide(IReadOnlyList<Side> sides)
    {
        var cells = new List<Cell>();
        var addresses = sides.Select(Addresses).ToArray();
        foreach (var group in reach.Classes)
        {
            uint fixedMask = 0;
            for (int i = 0; i < sides.Count; i++)
                if (sides[i].IsAnything || (!sides[i].Prefixes.IsEmpty && addresses[i].Contains(group.Atom))) fixedMask |= 1u << i;
            foreach (var same in group.Endpoints.GroupBy(e => fixedMask | Selected(e, sides)))
                if (same.Key != 0) cells.Add(new Cell(group, group.Atom, same.Key, [.. same]) { ByNode = _hosts.Count > 0 ? same.ToLookup(HostOf) : null });
        }
        foreach (int atom in reach.Atoms.Outside.Members())
            if (ByAddress(addresses, atom) is not 0 and uint mask) cells.Add(new Cell(null, atom, mask, []));
        foreach (var host in reach.Hosts)
            if (ByAddress(addresses, host.Atom) is not 0 and uint mask) cells.Add(new Cell(null, host.Atom, mask, []) { Host = host, Node = host.Node });
        return cells;
    }

    private static uint ByAddress(Bitmap[] sides, int atom)
    {
        uint mask = 0;
        for (int i = 0; i < sides.Length; i++)
            if (sides[i].Contains(atom)) mask |= 1u << i;
        return mask;
    }

    private string? HostOf(EndpointId pod) => world.NodeOf(pod) is { } node && _hosts.Contains(node) ? node : null;

    private uint Selected(EndpointId endpoint, IReadOnlyList<Side> sides)
    {
        uint mask = 0;
        var labels = world.Directory.LabelsOf(endpoint);
        for (int i = 0; i < sides.Count; i++)
            if (sides[i].Pods is { } selector && selector.Evaluate(labels)) mask |= 1u << i;
        return mask;
    }

    /// <summary>The atoms that a side names by address.</summary>
    private Bitmap Addresses(Side side)
    {
        var atoms = reach.Atoms;
        if (side.IsAnything) return atoms.All;
        if (side.Internet) return PublicAddresses.Private.Where(p => p.Family == atoms.Family).Aggregate(atoms.All, (all, p) => all.Except(atoms.Inside(p)));
        return side.Prefixes.Where(p => p.Family == atoms.Family).Aggregate(atoms.None, (all, p) => all.Or(atoms.Inside(p)));
    }
}
