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
    public static LabelSet Create(LabelPool pool, Dictionary<string, string> labels)
    {
        if (labels.Count == 0) return Empty;
        var all = new Label[labels.Count];
        int next = 0;
        foreach (var (key, value) in labels) all[next++] = new Label(pool.Key(key), pool.Value(value ?? ""));
        LabelOrder.Sort(all);
        return new LabelSet(all);
    }

    /// <summary>Labels from texts; no name stands there twice.</summary>
    public static LabelSet Create(LabelPool pool, ReadOnlySpan<KeyValuePair<string, string>> labels)
    {
        if (labels.IsEmpty) return Empty;
        var all = new Label[labels.Length];
        for (int i = 0; i < all.Length; i++) all[i] = new Label(pool.Key(labels[i].Key), pool.Value(labels[i].Value));
        LabelOrder.Sort(all);
        return new LabelSet(all);
    }

    /// <summary>Labels that are ordered by name already.</summary>
    public static LabelSet FromSorted(ReadOnlySpan<Label> labels) => labels.IsEmpty ? Empty : new(labels.ToArray());

    /// <summary>Own labels and those of the parents; own ones win, then earlier parents.</summary>
    public static LabelSet Inherit(LabelSet own, ReadOnlySpan<LabelSet> parents)
    {
        var merged = own._labels;
        foreach (var parent in parents)
            if (parent._labels.Length > 0) merged = Merge(merged, parent._labels);
        return merged == own._labels ? own : new LabelSet(merged);
    }

    private static Label[] Merge(Label[] first, Label[] second)
    {
        var merged = new Label[first.Length + second.Length];
        first.CopyTo(merged, 0);
        int count = LabelOrder.AppendMissing(merged, first.Length, second);
        if (count < merged.Length) merged = merged[..count];
        LabelOrder.Sort(merged);
        return merged;
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
