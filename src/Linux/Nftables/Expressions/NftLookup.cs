using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>
/// Looks registers up in a set and goes on with the rule when they are (or are not) there; or in a verdict map, whose verdict is
/// then taken.
/// </summary>
/// <param name="Set">The set's name.</param>
/// <param name="Inverted">Go on when they are not there.</param>
/// <param name="IsVerdictMap">The set is a verdict map.</param>
/// <param name="Register">The first register of the key.</param>
public sealed record NftLookup(string Set, bool Inverted = false, bool IsVerdictMap = false, uint Register = NftRegister.First)
    : NftExpression
{
    private const ushort NFTA_LOOKUP_SET = 1;
    private const ushort NFTA_LOOKUP_SREG = 2;
    private const ushort NFTA_LOOKUP_DREG = 3;
    private const ushort NFTA_LOOKUP_FLAGS = 5;
    private const uint NFT_LOOKUP_F_INV = 1;

    /// <inheritdoc/>
    public override string Name => "lookup";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.Text(NFTA_LOOKUP_SET, Set);
        writer.U32Be(NFTA_LOOKUP_SREG, Register);
        if (IsVerdictMap) writer.U32Be(NFTA_LOOKUP_DREG, NftRegister.Verdict);
        if (Inverted) writer.U32Be(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        string set = "";
        uint register = 0, flags = 0;
        uint? target = null;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_LOOKUP_SET) set = part.Text;
            if (part.Type == NFTA_LOOKUP_SREG) register = NftRegister.Normalize(part.U32Be);
            if (part.Type == NFTA_LOOKUP_DREG) target = part.U32Be;
            if (part.Type == NFTA_LOOKUP_FLAGS) flags = part.U32Be;
        }
        return target is null or NftRegister.Verdict
            ? new NftLookup(set, (flags & NFT_LOOKUP_F_INV) != 0, target is not null, register)
            : new NftForeignExpression("lookup", new NftValue(raw.ToArray()));
    }
}
