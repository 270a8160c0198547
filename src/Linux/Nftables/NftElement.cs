namespace Margay.Linux.Nftables;

/// <summary>An element of a set or verdict map.</summary>
/// <param name="Key">The key, or the start of a range.</param>
/// <param name="KeyEnd">The inclusive end of a range of a concatenation; empty otherwise.</param>
/// <param name="IntervalEnd">In a single-field interval set: the range that began before ends before this key.</param>
/// <param name="Verdict">The verdict of a map's element.</param>
public readonly record struct NftElement(NftValue Key, NftValue KeyEnd = default, bool IntervalEnd = false, NftVerdict? Verdict = null)
{
    /// <summary>As nft writes it, for the key's types.</summary>
    public string Print(NftSet set)
    {
        string key = NftPrinter.PrintKey(set, Key);
        if (!KeyEnd.IsEmpty && KeyEnd != Key) key += $"-{NftPrinter.PrintKey(set, KeyEnd)}";
        if (IntervalEnd) key = $"..{key}";
        return Verdict is null ? key : $"{key} : {Verdict}";
    }
}
