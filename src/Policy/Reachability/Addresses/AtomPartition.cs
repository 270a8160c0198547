using Margay.Foundation.Primitives;

namespace Margay.Policy.Reachability.Addresses;

/// <summary>
/// Divides the addresses of a family: one pass over all prefixes in order, with those open at the moment on a stack. What
/// holds for an address are the numbers of all prefixes around it; addresses with the same numbers are one atom.
/// </summary>
internal sealed class AtomPartition
{
    private readonly Dictionary<Fingerprint, int> _atoms = [];
    private readonly Dictionary<(int Parent, int Posting), int> _known = [];
    private readonly Dictionary<Fingerprint, int> _postings = [];
    private readonly Stack<(IpPrefix Prefix, int Atom, bool IsPod)> _open = [];
    private readonly IpFamily _family;
    private UInt128 _at;
    private bool _full;

    internal AtomPartition(IpFamily family, AtomPredicates predicates)
    {
        _family = family;
        var whole = new IpPrefix(IpAddr.FromValue(0, family), 0);
        _open.Push((whole, Child(-1, predicates.Postings.GetValueOrDefault(whole) ?? []), false));
        var prefixes = predicates.Postings.Keys.Concat(predicates.Pods).Where(p => p.Family == family && p.Length > 0).Distinct().ToArray();
        Array.Sort(prefixes, static (a, b) => a.Address.Value != b.Address.Value ? a.Address.Value.CompareTo(b.Address.Value) : a.Length.CompareTo(b.Length));
        foreach (var prefix in prefixes)
        {
            while (!_open.Peek().Prefix.Contains(prefix)) Close();
            EmitUpTo(prefix.Address.Value);
            _open.Push((prefix, Child(_open.Peek().Atom, predicates.Postings.GetValueOrDefault(prefix) ?? []), predicates.Pods.Contains(prefix)));
        }
        while (_open.Count > 0) Close();
    }

    /// <summary>The numbers that hold in each atom, sorted.</summary>
    internal List<int[]> Fingerprints { get; } = [];

    /// <summary>All addresses in order, as ranges of one atom each.</summary>
    internal List<(AddressRange Range, int Atom, bool IsPod)> Ranges { get; } = [];

    private void Close()
    {
        var (prefix, atom, isPod) = _open.Pop();
        var last = prefix.Last.Value;
        if (_full || _at > last) return;
        Emit(last, atom, isPod);
        _full = last == new IpPrefix(IpAddr.FromValue(0, _family), 0).Last.Value;
        if (!_full) _at = last + 1;
    }

    private void EmitUpTo(UInt128 next)
    {
        if (_full || _at >= next) return;
        var (_, atom, isPod) = _open.Peek();
        Emit(next - 1, atom, isPod);
        _at = next;
    }

    private void Emit(UInt128 last, int atom, bool isPod) =>
        Ranges.Add((new AddressRange(IpAddr.FromValue(_at, _family), IpAddr.FromValue(last, _family)), atom, isPod));

    /// <summary>The atom of addresses in a prefix inside another atom's.</summary>
    private int Child(int parent, List<int> posting)
    {
        if (parent >= 0 && posting.Count == 0) return parent;
        var own = new Fingerprint([.. posting.Order()]);
        if (!_postings.TryGetValue(own, out int number)) _postings.Add(own, number = _postings.Count);
        if (_known.TryGetValue((parent, number), out int atom)) return atom;
        var all = parent < 0 ? own : new Fingerprint([.. Fingerprints[parent].Union(own.Numbers).Order()]);
        if (!_atoms.TryGetValue(all, out atom))
        {
            atom = Fingerprints.Count;
            _atoms.Add(all, atom);
            Fingerprints.Add(all.Numbers);
        }
        _known.Add((parent, number), atom);
        return atom;
    }

    private readonly struct Fingerprint(int[] numbers) : IEquatable<Fingerprint>
    {
        public int[] Numbers => numbers;

        public bool Equals(Fingerprint other) => numbers.AsSpan().SequenceEqual(other.Numbers);

        public override bool Equals(object? obj) => obj is Fingerprint other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int number in numbers) hash.Add(number);
            return hash.ToHashCode();
        }
    }
}
