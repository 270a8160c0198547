using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Reachability.Addresses;

/// <summary>
/// The addresses of one family, divided into atoms: addresses that no policy, and no question, can tell apart. An atom is
/// the whole class, of pods' addresses and of others; atoms are numbers from 0.
/// </summary>
public sealed class AddressAtoms
{
    private readonly AddressRange[] _ranges;
    private readonly int[] _atomOfRange;
    private readonly ImmutableArray<AddressRange>[] _external;
    private readonly Dictionary<int, Bitmap> _predicates = [];
    private readonly Dictionary<IpPrefix, int> _prefixes;
    private readonly Dictionary<(int World, IpSetId Set), Bitmap> _sets = [];
    private readonly Dictionary<(int World, IpSetId Set), Dictionary<int, ImmutableArray<(byte Protocol, ushort Port)>>> _ports = [];

    internal AddressAtoms(IpFamily family, AtomPartition partition, AtomPredicates predicates)
    {
        Family = family;
        Count = partition.Fingerprints.Count;
        _ranges = [.. partition.Ranges.Select(r => r.Range)];
        _atomOfRange = [.. partition.Ranges.Select(r => r.Atom)];
        _external = External(partition);
        _prefixes = predicates.Prefixes;
        All = Bitmap.All(Count);
        None = new Bitmap(Count, []);
        Outside = new Bitmap(Count, Enumerable.Range(0, Count).Where(a => !_external[a].IsEmpty));
        Elsewhere = Enumerable.Range(0, Count).MaxBy(a => _external[a].Aggregate(UInt128.Zero, (all, r) => all + (r.Last.Value - r.First.Value)));

        var members = new Dictionary<int, List<int>>();
        for (int atom = 0; atom < Count; atom++)
        {
            foreach (int predicate in partition.Fingerprints[atom])
            {
                if (!members.TryGetValue(predicate, out var list)) members.Add(predicate, list = []);
                list.Add(atom);
            }
        }
        foreach (var (predicate, atoms) in members) _predicates.Add(predicate, new Bitmap(Count, atoms));
        foreach (var (key, predicate) in predicates.Sets) _sets.Add(key, _predicates.GetValueOrDefault(predicate, None));
        foreach (var (key, entries) in predicates.PortSets)
        {
            var ports = entries.SelectMany(e => _predicates.GetValueOrDefault(e.Predicate, None).Members().Select(a => (Atom: a, Port: (e.Protocol, e.Port))));
            _ports.Add(key, ports.GroupBy(p => p.Atom).ToDictionary(g => g.Key, g => g.Select(p => p.Port).ToImmutableArray()));
        }
    }

    /// <summary>The family.</summary>
    public IpFamily Family { get; }

    /// <summary>How many atoms there are.</summary>
    public int Count { get; }

    /// <summary>Every atom.</summary>
    public Bitmap All { get; }

    /// <summary>No atom.</summary>
    public Bitmap None { get; }

    /// <summary>The atoms that have addresses which are no pod's.</summary>
    public Bitmap Outside { get; }

    /// <summary>The atom with the most addresses outside: those that nothing mentions.</summary>
    public int Elsewhere { get; }

    /// <summary>The atom of an address.</summary>
    public int Of(IpAddr address)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (address.Value < _ranges[middle].First.Value) high = middle - 1;
            else low = middle;
        }
        return _atomOfRange[low];
    }

    /// <summary>The addresses of an atom that are no pod's, in order.</summary>
    public ImmutableArray<AddressRange> OutsideOf(int atom) => _external[atom];

    /// <summary>The atoms inside a prefix that the division knows.</summary>
    /// <exception cref="ArgumentException">The division was made without this prefix.</exception>
    public Bitmap Inside(IpPrefix prefix)
    {
        if (prefix.Family != Family) return None;
        return _prefixes.TryGetValue(prefix, out int predicate)
            ? _predicates.GetValueOrDefault(predicate, None)
            : throw new ArgumentException($"The division of addresses was made without {prefix}.", nameof(prefix));
    }

    /// <summary>The atoms in a set of prefixes of one of the worlds.</summary>
    internal Bitmap InSet(int world, IpSetId set) =>
        _sets.TryGetValue((world, set), out var atoms) ? atoms : throw new InvalidOperationException($"A rule refers to the IP set {set}, which does not exist.");

    /// <summary>The protocols and ports that an atom has in a set, by atom; atoms without any are left out.</summary>
    internal IReadOnlyDictionary<int, ImmutableArray<(byte Protocol, ushort Port)>> PortsIn(int world, IpSetId set) =>
        _ports.TryGetValue((world, set), out var ports) ? ports : throw new InvalidOperationException($"A rule refers to the IP set {set}, which does not exist.");

    private static ImmutableArray<AddressRange>[] External(AtomPartition partition)
    {
        var lists = new List<AddressRange>?[partition.Fingerprints.Count];
        foreach (var (range, atom, isPod) in partition.Ranges)
        {
            if (isPod) continue;
            var list = lists[atom] ??= [];
            if (list.Count > 0 && list[^1].Last.Value + 1 == range.First.Value) list[^1] = list[^1] with { Last = range.Last };
            else list.Add(range);
        }
        return [.. lists.Select(l => l is null ? [] : l.ToImmutableArray())];
    }
}
