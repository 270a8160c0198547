using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Addresses;

namespace Margay.Answers.Worlds;

/// <summary>Says which addresses outside the pods a set of atoms is.</summary>
public sealed class AddressNames
{
    private readonly Dictionary<IpPrefix, string> _sets = [];
    private readonly Dictionary<(IpFamily, Bitmap), string> _known = [];

    /// <summary>With the network sets of some worlds as names.</summary>
    public AddressNames(params ResourceSet[] worlds)
    {
        ArgumentNullException.ThrowIfNull(worlds);
        foreach (var set in worlds.SelectMany(w => w.Of<GlobalNetworkSet>())) Add(set.Spec, $"globalnetworkset {set.Metadata.Name}");
        foreach (var set in worlds.SelectMany(w => w.Of<NetworkSet>())) Add(set.Spec, $"networkset {set.Metadata.Namespace}/{set.Metadata.Name}");
    }

    /// <summary>Names the outside addresses of some atoms.</summary>
    public string Describe(AddressAtoms atoms, Bitmap set)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(set);
        if (!_known.TryGetValue((atoms.Family, set), out string? text)) _known.Add((atoms.Family, set), text = Name(atoms, set));
        return text;
    }

    private string Name(AddressAtoms atoms, Bitmap set)
    {
        var outside = set.And(atoms.Outside);
        if (outside.Equals(atoms.Outside)) return "any address outside";
        var without = atoms.Outside.Except(outside);
        string direct = Prefixes(atoms, outside);
        string inverse = "any address outside but " + Prefixes(atoms, without);
        return inverse.Length < direct.Length ? inverse : direct;
    }

    private string Prefixes(AddressAtoms atoms, Bitmap set)
    {
        const int shown = 4;
        var ranges = set.Members().SelectMany(a => atoms.OutsideOf(a)).OrderBy(r => r.First.Value).ToList();
        var merged = new List<AddressRange>();
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && merged[^1].Last.Value + 1 == range.First.Value) merged[^1] = merged[^1] with { Last = range.Last };
            else merged.Add(range);
        }
        // A division into hundreds of prefixes says less than its ends.
        var words = merged.SelectMany(r => r.Prefixes().Take(shown + 1).ToArray() is { Length: <= shown } few ? few.Select(Word) : [$"{r.First}-{r.Last}"]).Distinct().Take(shown + 1).ToArray();
        return words.Length <= shown ? string.Join(",", words) : $"{string.Join(",", words.Take(shown))},... ({merged.Count} ranges)";
    }

    private string Word(IpPrefix prefix) => _sets.TryGetValue(prefix, out string? name) ? $"{prefix} ({name})" : prefix.ToString();

    private void Add(NetworkSetSpec spec, string name)
    {
        foreach (string text in spec.Nets ?? [])
            if (IpPrefix.TryParse(text, out var prefix)) _sets.TryAdd(prefix, name);
    }
}
