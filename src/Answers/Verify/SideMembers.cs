using Margay.Dataplane.Contract;
using Margay.Policy.Reachability;

namespace Margay.Answers.Verify;

/// <summary>Pods of one class, or outside addresses of one atom, that the sides of an invariant do not tell apart.</summary>
/// <param name="Class">Their class; null for addresses outside.</param>
/// <param name="Atom">The atom of their addresses.</param>
/// <param name="Mask">Which sides they are on, a bit for each.</param>
/// <param name="Pods">The pods; empty for addresses outside.</param>
internal sealed record Cell(EndpointClass? Class, int Atom, uint Mask, IReadOnlyList<EndpointId> Pods)
{
    internal bool Is(int side) => (Mask & (1u << side)) != 0;
}

/// <summary>Finds who is on which side of an invariant.</summary>
internal sealed class SideMembers(EndpointDirectory directory, FamilyReach reach)
{
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
                if (same.Key != 0) cells.Add(new Cell(group, group.Atom, same.Key, [.. same]));
        }
        foreach (int atom in reach.Atoms.Outside.Members())
        {
            uint mask = 0;
            for (int i = 0; i < sides.Count; i++)
                if (addresses[i].Contains(atom)) mask |= 1u << i;
            if (mask != 0) cells.Add(new Cell(null, atom, mask, []));
        }
        return cells;
    }

    private uint Selected(EndpointId endpoint, IReadOnlyList<Side> sides)
    {
        uint mask = 0;
        var labels = directory.LabelsOf(endpoint);
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
