using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Goes on with the rule when a register is inside (or outside) an inclusive range, compared byte by byte.</summary>
/// <param name="Inside">Inside or outside.</param>
/// <param name="From">First.</param>
/// <param name="To">Last.</param>
/// <param name="Register">Which register.</param>
public sealed record NftRange(bool Inside, NftValue From, NftValue To, uint Register = NftRegister.First) : NftExpression
{
    private const ushort NFTA_RANGE_SREG = 1;
    private const ushort NFTA_RANGE_OP = 2;
    private const ushort NFTA_RANGE_FROM_DATA = 3;
    private const ushort NFTA_RANGE_TO_DATA = 4;

    /// <inheritdoc/>
    public override string Name => "range";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_RANGE_SREG, Register);
        writer.U32Be(NFTA_RANGE_OP, Inside ? 0u : 1u);
        WriteValue(writer, NFTA_RANGE_FROM_DATA, From);
        WriteValue(writer, NFTA_RANGE_TO_DATA, To);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        uint op = 0, register = 0;
        NftValue from = default, to = default;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_RANGE_SREG) register = NftRegister.Normalize(part.U32Be);
            if (part.Type == NFTA_RANGE_OP) op = part.U32Be;
            if (part.Type == NFTA_RANGE_FROM_DATA) from = ReadValue(in part);
            if (part.Type == NFTA_RANGE_TO_DATA) to = ReadValue(in part);
        }
        return new NftRange(op == 0, from, to, register);
    }
}
