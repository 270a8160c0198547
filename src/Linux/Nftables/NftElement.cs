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

    /// <summary>True when two ranges of a single-field set have a key in common.</summary>
    public bool Overlaps(in NftElement other) =>
        Key.Bytes.SequenceCompareTo(other.KeyEnd.Bytes) <= 0 && other.Key.Bytes.SequenceCompareTo(KeyEnd.Bytes) <= 0;
}
