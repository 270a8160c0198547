using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Packets;
using Margay.Policy.Reachability.Rules;

namespace Margay.Policy.Reachability;

/// <summary>
/// A program as the addresses of its endpoints make it: with the own side of every rule settled, the other ends fall into
/// few groups for which the same rules matter, and the program runs once for each.
/// </summary>
internal sealed class ProgramSpecializer
{
    private readonly RuleMatch[] _rules;
    private readonly AddressAtoms _atoms;
    private readonly bool _ownIsUniform;
    private readonly Dictionary<Key, PeerDecisions> _known = [];
    private readonly Dictionary<int, PeerDecisions> _byAtom = [];

    internal ProgramSpecializer(PolicyProgram program, AddressAtoms atoms, Func<Dataplane.Contract.PolicyRule, RuleMatch> read)
    {
        Program = program;
        _atoms = atoms;
        _rules = [.. program.Rules.Select(read)];
        _ownIsUniform = Array.TrueForAll(_rules, r => r.Own.Parts is [] || (r.Own.Parts is [var only] && only.Atoms.Equals(atoms.All)));
    }

    /// <summary>The family of the packets.</summary>
    internal Foundation.Primitives.IpFamily Family => _atoms.Family;

    /// <summary>The program.</summary>
    internal PolicyProgram Program { get; }

    /// <summary>The rules' matches, in the program's order.</summary>
    internal IReadOnlyList<RuleMatch> Rules => _rules;

    /// <summary>What is decided for endpoints whose address is in an atom.</summary>
    internal PeerDecisions For(int ownAtom, Func<Decisions, Decisions> share)
    {
        // Settling 1,000 rules costs more than everything after it: once for each atom, or once for all of them.
        if (_ownIsUniform) ownAtom = 0;
        if (_byAtom.TryGetValue(ownAtom, out var known)) return known;
        var own = Own(ownAtom);
        var key = new Key(own);
        if (_known.TryGetValue(key, out known))
        {
            _byAtom.Add(ownAtom, known);
            return known;
        }
        var groups = Split(own);
        var decided = new Decisions?[groups.Count];
        known = new PeerDecisions(_atoms.Count, atom =>
            decided[groups.Of(atom)] ??= share(ProgramRun.Decide(Program, groups.Hits(groups.Of(atom)), PacketSet.All(_atoms.Family))));
        _known.Add(key, known);
        _byAtom.Add(ownAtom, known);
        return known;
    }

    /// <summary>For each rule, the packets that its protocol and own side let through; null for none.</summary>
    internal PacketSet?[] Own(int ownAtom)
    {
        var own = new PacketSet?[_rules.Length];
        for (int i = 0; i < own.Length; i++)
        {
            if (_rules[i].Own.At(ownAtom) is not { } side) continue;
            var packets = _rules[i].Packets.And(side);
            if (!packets.IsEmpty) own[i] = packets;
        }
        return own;
    }

    /// <summary>The different ways in which endpoints' addresses settle the rules.</summary>
    internal IEnumerable<PacketSet?[]> Owns(IEnumerable<int> ownAtoms) => (_ownIsUniform ? [0] : ownAtoms).Select(Own).DistinctBy(own => new Key(own));

    /// <summary>Groups of atoms of the other end between which no rule distinguishes, with what the rules match there.</summary>
    internal PeerGroups Split(PacketSet?[] own) => new(_atoms, _rules, own);

    /// <summary>Settled own sides, compared by content.</summary>
    private readonly struct Key(PacketSet?[] own) : IEquatable<Key>
    {
        private readonly PacketSet?[] _own = own;

        public bool Equals(Key other)
        {
            if (_own.Length != other._own.Length) return false;
            for (int i = 0; i < _own.Length; i++)
                if (!Equals(_own[i], other._own[i])) return false;
            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var packets in _own) hash.Add(packets);
            return hash.ToHashCode();
        }
    }
}
