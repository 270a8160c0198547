namespace Margay.Linux.Nftables;

/// <summary>An element of a set or verdict map.</summary>
/// <param name="Key">The key, or the start of a range.</param>
/// <param name="KeyEnd">The inclusive end of a range; in interval sets always there, elsewhere empty.</param>
/// <param name="Verdict">The verdict of a map's element.</param>
public readonly record struct NftElement(NftValue Key, NftValue KeyEnd = default, NftVerdict? Verdict = null)
{
    /// <summary>As nft writes it, for the key's types.</summary>
    public string Print(NftSet set)
    {
        string key = NftPrinter.PrintKey(set, Key);
        if (!KeyEnd.IsEmpty && KeyEnd != Key) key += $"-{NftPrinter.PrintKey(set, KeyEnd)}";
        return Verdict is null ? key : $"{key} : {Verdict}";
    }

    /// <summary>True when two ranges of an interval set have a key in common: they meet in every field.</summary>
    public bool Overlaps(NftSet set, in NftElement other)
    {
        int at = 0;
        foreach (var part in set.Key)
        {
            var range = at..(at + part.Length);
            if (Key.Bytes[range].SequenceCompareTo(other.KeyEnd.Bytes[range]) > 0 || other.Key.Bytes[range].SequenceCompareTo(KeyEnd.Bytes[range]) > 0) return false;
            at += (part.Length + 3) & ~3;
        }
        return true;
    }
}
