namespace Margay.Policy.Labels;

/// <summary>Own labels and those of the parents, in the order in which a <see cref="LabelIndex"/> wants them.</summary>
internal static class LabelInheritance
{
    /// <summary>
    /// Writes the own labels, then those of the parents whose names are new, ordered by name; earlier parents win.
    /// </summary>
    /// <param name="own">Own labels, ordered by name.</param>
    /// <param name="parents">The parents, first ones first.</param>
    /// <param name="into">Has room for all of them.</param>
    /// <returns>The number of labels written.</returns>
    public static int Merge(ReadOnlySpan<Label> own, ReadOnlySpan<LabelSet> parents, Span<Label> into)
    {
        own.CopyTo(into);
        int count = own.Length;
        foreach (var parent in parents) count = LabelOrder.AppendMissing(into, count, parent.Labels);
        LabelOrder.Sort(into[own.Length..count]);
        return count;
    }
}
