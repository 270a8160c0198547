using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Packets;
using Margay.Policy.Reachability.Rules;

namespace Margay.Policy.Reachability;

/// <summary>
/// The atoms that the other end of a program's packets can be in, in groups between which no rule distinguishes, and for each
/// group what the rules match there. Found by refinement: what a rule costs are the atoms that it names, not the groups that
/// there are. A thousand rules that name a thousand different peers would otherwise cost a million looks.
/// </summary>
internal sealed class PeerGroups
{
    private readonly int[] _groupOf;
    private readonly List<int> _sizes;
    private readonly List<RuleHit> _everywhere = [];
    private readonly List<RuleHit>[] _here;

    /// <summary>Divides the atoms.</summary>
    /// <param name="atoms">All atoms.</param>
    /// <param name="rules">The program's rules, in order.</param>
    /// <param name="own">For each rule, the packets that its own side lets through; null for none.</param>
    internal PeerGroups(AddressAtoms atoms, RuleMatch[] rules, PacketSet?[] own)
    {
        _groupOf = new int[atoms.Count];
        _sizes = [atoms.Count];
        var refinement = new Refinement(_groupOf, _sizes);
        for (int i = 0; i < own.Length; i++)
        {
            if (own[i] is null) continue;
            foreach (var (part, _) in rules[i].Peer.Parts)
                if (!IsAll(part, atoms)) refinement.Split(part);
        }
        _here = new List<RuleHit>[_sizes.Count];
        Array.Fill(_here, []);
        var last = new int[_sizes.Count];
        int visit = 0;
        for (int i = 0; i < own.Length; i++)
        {
            if (own[i] is not { } settled) continue;
            foreach (var (part, side) in rules[i].Peer.Parts)
            {
                var packets = settled.And(side);
                if (packets.IsEmpty) continue;
                if (IsAll(part, atoms)) _everywhere.Add(new RuleHit(i, packets));
                else Note(part, new RuleHit(i, packets), last, ++visit);
            }
        }
    }

    /// <summary>How many groups there are.</summary>
    internal int Count => _sizes.Count;

    /// <summary>The group of an atom.</summary>
    internal int Of(int atom) => _groupOf[atom];

    /// <summary>What matches when the other end is in a group, in the order of the rules.</summary>
    internal RuleHit[] Hits(int group)
    {
        var here = _here[group];
        var hits = new RuleHit[_everywhere.Count + here.Count];
        // Both lists are in order, and no rule is in both: its parts are disjoint.
        for (int to = 0, a = 0, b = 0; to < hits.Length; to++)
            hits[to] = b == here.Count || (a < _everywhere.Count && _everywhere[a].Rule < here[b].Rule) ? _everywhere[a++] : here[b++];
        return hits;
    }

    private static bool IsAll(Bitmap part, AddressAtoms atoms) => ReferenceEquals(part, atoms.All) || part.Equals(atoms.All);

    /// <summary>Notes a hit once for each group inside a part. No group is partly inside by now.</summary>
    private void Note(Bitmap part, RuleHit hit, int[] last, int visit)
    {
        foreach (int atom in part)
        {
            int group = _groupOf[atom];
            if (last[group] == visit) continue;
            last[group] = visit;
            if (_here[group].Count == 0) _here[group] = [];
            _here[group].Add(hit);
        }
    }

    /// <summary>The division while it is being made.</summary>
    private sealed class Refinement(int[] groupOf, List<int> sizes)
    {
        private readonly List<int> _inside = [0];
        private readonly List<int> _becomes = [0];
        private readonly List<int> _touched = [];

        /// <summary>What of a group is inside the part leaves it, unless all of it is.</summary>
        internal void Split(Bitmap part)
        {
            _touched.Clear();
            foreach (int atom in part)
            {
                int group = groupOf[atom];
                if (_inside[group]++ == 0) _touched.Add(group);
            }
            bool splits = false;
            foreach (int group in _touched)
            {
                int inside = _inside[group];
                _inside[group] = 0;
                _becomes[group] = group;
                if (inside == sizes[group]) continue;
                splits = true;
                _becomes[group] = sizes.Count;
                sizes[group] -= inside;
                sizes.Add(inside);
                _inside.Add(0);
                _becomes.Add(0);
            }
            if (!splits) return;
            foreach (int atom in part) groupOf[atom] = _becomes[groupOf[atom]];
        }
    }
}
