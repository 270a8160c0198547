using System.Runtime.InteropServices;

namespace Margay.Policy.Labels;

/// <summary>Small lists of labels: sorting, looking up, joining. A handful of labels, so nothing clever pays.</summary>
internal static class LabelOrder
{
    /// <summary>Beyond these many what is simple takes too long: some thousand labels fit into an object.</summary>
    private const int Handful = 64;

    /// <summary>Sorts by name.</summary>
    public static void Sort(Span<Label> labels)
    {
        if (labels.Length > Handful)
        {
            labels.Sort(static (a, b) => a.Key.CompareTo(b.Key));
            return;
        }
        for (int i = 1; i < labels.Length; i++)
        {
            var label = labels[i];
            int at = i;
            for (; at > 0 && labels[at - 1].Key > label.Key; at--) labels[at] = labels[at - 1];
            labels[at] = label;
        }
    }

    /// <summary>The value of a name, in whatever order the labels stand.</summary>
    public static bool TryGet(ReadOnlySpan<Label> labels, int key, out int value)
    {
        foreach (ref readonly var label in labels)
        {
            if (label.Key != key) continue;
            value = label.Value;
            return true;
        }
        value = 0;
        return false;
    }

    /// <summary>Appends those labels whose names are not there yet; returns the new count.</summary>
    public static int AppendMissing(Span<Label> labels, int count, ReadOnlySpan<Label> more)
    {
        int before = count;
        if ((long)before * more.Length > Handful * Handful) return AppendManyMissing(labels, count, more);
        foreach (ref readonly var label in more)
            if (!TryGet(labels[..before], label.Key, out _)) labels[count++] = label;
        return count;
    }

    private static int AppendManyMissing(Span<Label> labels, int count, ReadOnlySpan<Label> more)
    {
        var names = new HashSet<int>(count);
        foreach (ref readonly var label in labels[..count]) names.Add(label.Key);
        foreach (ref readonly var label in more)
            if (!names.Contains(label.Key)) labels[count++] = label;
        return count;
    }

    /// <summary>A hash of labels in the order in which they stand.</summary>
    public static int Hash(ReadOnlySpan<Label> labels)
    {
        ulong hash = (ulong)labels.Length;
        foreach (ulong label in MemoryMarshal.Cast<Label, ulong>(labels))
        {
            hash = (hash ^ label) * 0x9e37_79b9_7f4a_7c15;
            hash ^= hash >> 31;
        }
        return (int)(hash ^ (hash >> 32));
    }
}
