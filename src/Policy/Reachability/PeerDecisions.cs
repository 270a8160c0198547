using System.Collections.Immutable;
using Margay.Policy.Reachability.Addresses;

namespace Margay.Policy.Reachability;

/// <summary>What an endpoint's policy decides in one direction, for every address that the other end can have.</summary>
public sealed class PeerDecisions
{
    private readonly int[] _groupOf;

    internal PeerDecisions(AddressAtoms atoms, IEnumerable<(Bitmap Peers, Decisions Decisions)> groups)
    {
        Groups = [.. groups];
        _groupOf = new int[atoms.Count];
        for (int group = 0; group < Groups.Length; group++)
            foreach (int atom in Groups[group].Peers.Members()) _groupOf[atom] = group;
    }

    /// <summary>Disjoint groups of atoms, together all of them, each with what is decided about packets to or from there.</summary>
    public ImmutableArray<(Bitmap Peers, Decisions Decisions)> Groups { get; }

    /// <summary>What is decided about packets to or from an atom.</summary>
    public Decisions At(int atom) => Groups[_groupOf[atom]].Decisions;
}
