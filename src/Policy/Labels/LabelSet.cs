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

    /// <summary>Labels from texts.</summary>
    public static LabelSet Create(LabelPool pool, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0) return Empty;
        var all = new Label[labels.Count];
        int next = 0;
        foreach (var (key, value) in labels) all[next++] = new Label(pool.Id(key), pool.Id(value ?? ""));
        Array.Sort(all, static (a, b) => a.Key.CompareTo(b.Key));
        return new LabelSet(all);
    }

    /// <summary>Labels from texts; no name stands there twice.</summary>
    public static LabelSet Create(LabelPool pool, ReadOnlySpan<KeyValuePair<string, string>> labels)
    {
        if (labels.IsEmpty) return Empty;
        var all = new Label[labels.Length];
        for (int i = 0; i < all.Length; i++) all[i] = new Label(pool.Id(labels[i].Key), pool.Id(labels[i].Value));
        Array.Sort(all, static (a, b) => a.Key.CompareTo(b.Key));
        return new LabelSet(all);
    }

    /// <summary>Own labels and those of the parents; own ones win, then earlier parents.</summary>
    public static LabelSet Inherit(LabelSet own, ReadOnlySpan<LabelSet> parents)
    {
        foreach (var parent in parents)
            if (parent._labels.Length > 0) own = Merge(own._labels, parent._labels);
        return own;
    }

    private static LabelSet Merge(Label[] first, Label[] second)
    {
        var merged = new Label[first.Length + second.Length];
        int count = 0, i = 0, j = 0;
        while (i < first.Length || j < second.Length)
        {
            if (j == second.Length || (i < first.Length && first[i].Key <= second[j].Key))
            {
                if (j < second.Length && first[i].Key == second[j].Key) j++;
                merged[count++] = first[i++];
            }
            else
            {
                merged[count++] = second[j++];
            }
        }
        return new LabelSet(count == merged.Length ? merged : merged[..count]);
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
