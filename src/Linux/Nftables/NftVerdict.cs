namespace Margay.Linux.Nftables;

/// <summary>Verdict codes: netfilter's own from 0, those of nf_tables below (<c>enum nft_verdicts</c>).</summary>
public enum NftVerdictCode
{
    /// <summary>NF_DROP.</summary>
    Drop = 0,

    /// <summary>NF_ACCEPT: this base chain is done; later base chains still see the packet.</summary>
    Accept = 1,

    /// <summary>The next rule.</summary>
    Continue = -1,

    /// <summary>The rule does not match.</summary>
    Break = -2,

    /// <summary>Into a chain, and back after its end.</summary>
    Jump = -3,

    /// <summary>Into a chain, and after its end to where this chain would have returned to.</summary>
    Goto = -4,

    /// <summary>Back to the calling chain.</summary>
    Return = -5,
}

/// <summary>A verdict.</summary>
/// <param name="Code">What.</param>
/// <param name="Chain">The target of jump and goto; else null.</param>
public sealed record NftVerdict(NftVerdictCode Code, string? Chain = null)
{
    /// <summary>Ends the base chain in favour of the packet.</summary>
    public static NftVerdict Accept { get; } = new(NftVerdictCode.Accept);

    /// <summary>Ends the packet.</summary>
    public static NftVerdict Drop { get; } = new(NftVerdictCode.Drop);

    /// <summary>Back to the calling chain.</summary>
    public static NftVerdict Return { get; } = new(NftVerdictCode.Return);

    /// <summary>Into a chain, and back.</summary>
    public static NftVerdict Jump(string chain) => new(NftVerdictCode.Jump, chain);

    /// <summary>Into a chain for good.</summary>
    public static NftVerdict Goto(string chain) => new(NftVerdictCode.Goto, chain);

    /// <summary>As nft prints it.</summary>
    public override string ToString() => Code switch
    {
        NftVerdictCode.Drop => "drop",
        NftVerdictCode.Accept => "accept",
        NftVerdictCode.Continue => "continue",
        NftVerdictCode.Break => "break",
        NftVerdictCode.Jump => $"jump {Chain}",
        NftVerdictCode.Goto => $"goto {Chain}",
        NftVerdictCode.Return => "return",
        _ => $"verdict {(int)Code}",
    };
}
