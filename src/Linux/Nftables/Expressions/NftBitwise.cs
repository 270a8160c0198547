using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>register = (register &amp; mask) ^ xor.</summary>
/// <param name="Mask">As long as the value.</param>
/// <param name="Xor">As long as the value.</param>
/// <param name="Register">Source and destination.</param>
public sealed record NftBitwise(NftValue Mask, NftValue Xor, uint Register = NftRegister.First) : NftExpression
{
    private const ushort NFTA_BITWISE_SREG = 1;
    private const ushort NFTA_BITWISE_DREG = 2;
    private const ushort NFTA_BITWISE_LEN = 3;
    private const ushort NFTA_BITWISE_MASK = 4;
    private const ushort NFTA_BITWISE_XOR = 5;
    private const ushort NFTA_BITWISE_OP = 6;

    /// <inheritdoc/>
    public override string Name => "bitwise";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_BITWISE_SREG, Register);
        writer.U32Be(NFTA_BITWISE_DREG, Register);
        writer.U32Be(NFTA_BITWISE_LEN, (uint)Mask.Length);
        WriteValue(writer, NFTA_BITWISE_MASK, Mask);
        WriteValue(writer, NFTA_BITWISE_XOR, Xor);
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        uint source = 0, target = 0, op = 0;
        NftValue mask = default, xor = default;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_BITWISE_SREG) source = NftRegister.Normalize(part.U32Be);
            if (part.Type == NFTA_BITWISE_DREG) target = NftRegister.Normalize(part.U32Be);
            if (part.Type == NFTA_BITWISE_MASK) mask = ReadValue(in part);
            if (part.Type == NFTA_BITWISE_XOR) xor = ReadValue(in part);
            if (part.Type == NFTA_BITWISE_OP) op = part.U32Be;
        }
        return source == target && op == 0 ? new NftBitwise(mask, xor, source) : new NftForeignExpression("bitwise", new NftValue(raw.ToArray()));
    }
}
