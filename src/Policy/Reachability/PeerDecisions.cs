using System.Collections.Immutable;

namespace Margay.Policy.Reachability;

/// <summary>What an endpoint's policy decides in one direction, for every address that the other end can have.</summary>
public sealed class PeerDecisions
{
    private readonly int[] _groupOf;

    /// <summary>Puts together the atoms about which the same is decided.</summary>
    /// <param name="count">How many atoms there are.</param>
    /// <param name="at">What is decided about an atom; the same object for the same decisions.</param>
    internal PeerDecisions(int count, Func<int, Decisions> at)
    {
        _groupOf = new int[count];
        var numbers = new Dictionary<Decisions, int>(ReferenceEqualityComparer.Instance);
        var members = new List<List<int>>();
        for (int atom = 0; atom < count; atom++)
        {
            var decisions = at(atom);
            if (!numbers.TryGetValue(decisions, out int number))
            {
                numbers.Add(decisions, number = members.Count);
                members.Add([]);
            }
            _groupOf[atom] = number;
            members[number].Add(atom);
        }
        Groups = [.. numbers.Select(n => (new Bitmap(count, members[n.Value]), n.Key))];
    }

    /// <summary>Disjoint groups of atoms, together all of them, each with what is decided about packets to or from there.</summary>
    public ImmutableArray<(Bitmap Peers, Decisions Decisions)> Groups { get; }

    /// <summary>What is decided about packets to or from an atom.</summary>
    public Decisions At(int atom) => Groups[_groupOf[atom]].Decisions;

    /// <summary>The group that an atom is in.</summary>
    internal int GroupOf(int atom) => _groupOf[atom];
}
