using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Comparisons (<c>enum nft_cmp_ops</c>).</summary>
public enum NftCmpOp
{
    /// <summary>Equal.</summary>
    Equal = 0,

    /// <summary>Not equal.</summary>
    NotEqual = 1,
}

/// <summary>Goes on with the rule when a register's first bytes compare as said; the value's length is how many.</summary>
/// <param name="Op">How.</param>
/// <param name="Value">With what.</param>
/// <param name="Register">Which register.</param>
public sealed record NftCmp(NftCmpOp Op, NftValue Value, uint Register = NftRegister.First) : NftExpression
{
    private const ushort NFTA_CMP_SREG = 1;
    private const ushort NFTA_CMP_OP = 2;
    private const ushort NFTA_CMP_DATA = 3;

    /// <inheritdoc/>
    public override string Name => "cmp";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_CMP_SREG, Register);
        writer.U32Be(NFTA_CMP_OP, (uint)Op);
        WriteValue(writer, NFTA_CMP_DATA, Value);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        uint op = 0, register = 0;
        NftValue value = default;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_CMP_SREG) register = NftRegister.Normalize(part.U32Be);
            if (part.Type == NFTA_CMP_OP) op = part.U32Be;
            if (part.Type == NFTA_CMP_DATA) value = ReadValue(in part);
        }
        return new NftCmp((NftCmpOp)op, value, register);
    }
}
