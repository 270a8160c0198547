namespace Margay.Policy.Labels;

/// <summary>One label: the numbers of its name and its value.</summary>
internal readonly record struct Label(int Key, int Value);

/// <summary>The labels of one thing, as numbers, ordered by the name's number. Immutable.</summary>
internal sealed class LabelSet : IEquatable<LabelSet>
{
    private readonly Label[] _labels;

    private LabelSet(Label[] labels) => _labels = labels;

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>The labels, ordered by name.</summary>
    public ReadOnlySpan<Label> Labels => _labels;

    /// <summary>Labels from texts; of a name that comes twice the last value counts.</summary>
    public static LabelSet Create(LabelPool pool, IEnumerable<KeyValuePair<string, string>> labels)
    {
        var byKey = new SortedDictionary<int, int>();
        foreach (var (key, value) in labels) byKey[pool.Id(key)] = pool.Id(value ?? "");
        return byKey.Count == 0 ? Empty : new LabelSet([.. byKey.Select(l => new Label(l.Key, l.Value))]);
    }

    /// <summary>Own labels and those of the parents; own ones win, then earlier parents.</summary>
    public static LabelSet Inherit(LabelSet own, ReadOnlySpan<LabelSet> parents)
    {
        int total = own._labels.Length;
        foreach (var parent in parents) total += parent._labels.Length;
        if (total == own._labels.Length) return own;
        var all = new List<Label>(total);
        all.AddRange(own._labels);
        foreach (var parent in parents)
            foreach (var label in parent._labels)
                if (!all.Exists(l => l.Key == label.Key)) all.Add(label);
        all.Sort((a, b) => a.Key.CompareTo(b.Key));
        return new LabelSet([.. all]);
    }

    /// <summary>The value's number, when the label is present.</summary>
    public bool TryGet(int key, out int value)
    {
        // A handful of labels: walking them is faster than halving them.
        foreach (var label in _labels)
        {
            if (label.Key < key) continue;
            value = label.Value;
            return label.Key == key;
        }
        value = 0;
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => other is not null && _labels.AsSpan().SequenceEqual(other._labels);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var label in _labels) hash.Add(label);
        return hash.ToHashCode();
    }
}
