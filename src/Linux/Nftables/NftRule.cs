using System.Collections.Immutable;

namespace Margay.Linux.Nftables;

/// <summary>A rule. Equal when its expressions and comment are; handle and counted packets do not matter.</summary>
/// <param name="Expressions">Its steps.</param>
/// <param name="Comment">For people, and the identity that Margay gives it; null for none.</param>
/// <param name="Handle">The kernel's number for it; 0 before it is in the kernel.</param>
public sealed record NftRule(ImmutableArray<NftExpression> Expressions, string? Comment = null, ulong Handle = 0)
{
    /// <summary>The comment as the kernel keeps it.</summary>
    public string? Comment { get; init; } = Comment is null ? null : NftUserData.Shorten(Comment);

    /// <inheritdoc/>
    public bool Equals(NftRule? other) =>
        other is not null && Comment == other.Comment && Expressions.AsSpan().SequenceEqual(other.Expressions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Comment);
        foreach (var expression in Expressions) hash.Add(expression);
        return hash.ToHashCode();
    }

    /// <summary>As nft writes it.</summary>
    public override string ToString() =>
        NftPrinter.Print(Expressions) + (Comment is null ? "" : $" comment \"{Comment}\"");
}
