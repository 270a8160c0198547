namespace Margay.Linux.Nftables;

/// <summary>
/// Single-field interval sets in the kernel hold no ranges but bounds: a start, and an end one past the last key. A range that
/// reaches the highest key has no end. Here they become ranges and back.
/// </summary>
internal static class NftRanges
{
    /// <summary>One bound as the kernel keeps it.</summary>
    /// <param name="Key">Where.</param>
    /// <param name="IsEnd">The range before ends in front of this key.</param>
    internal readonly record struct Bound(NftValue Key, bool IsEnd);

    /// <summary>The key after; null after the highest.</summary>
    internal static NftValue? After(NftValue key)
    {
        byte[] next = key.Bytes.ToArray();
        for (int i = next.Length - 1; i >= 0; i--)
        {
            if (++next[i] != 0) return new NftValue(next);
        }
        return null;
    }

    /// <summary>Pairs bounds. An end without a start before it bounds nothing: the nft program likes to add one at key 0.</summary>
    internal static List<NftElement> Pair(List<Bound> bounds)
    {
        // At one key the end of the range before comes first.
        bounds.Sort(static (a, b) => a.Key.Bytes.SequenceCompareTo(b.Key.Bytes) is not 0 and var order ? order : b.IsEnd.CompareTo(a.IsEnd));
        var ranges = new List<NftElement>(bounds.Count / 2 + 1);
        for (int i = 0; i < bounds.Count; i++)
        {
            if (bounds[i].IsEnd) continue;
            var last = i + 1 < bounds.Count ? Before(bounds[i + 1].Key) : Highest(bounds[i].Key.Length);
            ranges.Add(new NftElement(bounds[i].Key, last));
        }
        return ranges;
    }

    private static NftValue Before(NftValue key)
    {
        byte[] previous = key.Bytes.ToArray();
        for (int i = previous.Length - 1; i >= 0; i--)
        {
            if (previous[i]-- != 0) break;
        }
        return new NftValue(previous);
    }

    private static NftValue Highest(int length)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, byte.MaxValue);
        return new NftValue(bytes);
    }
}
