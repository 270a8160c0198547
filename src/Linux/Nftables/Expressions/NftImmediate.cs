using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Ends the rule with a verdict.</summary>
/// <param name="Verdict">Which.</param>
public sealed record NftImmediate(NftVerdict Verdict) : NftExpression
{
    private const ushort NFTA_IMMEDIATE_DREG = 1;
    private const ushort NFTA_IMMEDIATE_DATA = 2;

    /// <inheritdoc/>
    public override string Name => "immediate";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_IMMEDIATE_DREG, NftRegister.Verdict);
        WriteVerdict(writer, NFTA_IMMEDIATE_DATA, Verdict);
    }

    internal static void WriteVerdict(NetlinkWriter writer, ushort attribute, NftVerdict verdict)
    {
        int data = writer.BeginNested(attribute);
        int nest = writer.BeginNested(NfTables.NFTA_DATA_VERDICT);
        writer.U32Be(NfTables.NFTA_VERDICT_CODE, (uint)(int)verdict.Code);
        if (verdict.Chain is not null) writer.Text(NfTables.NFTA_VERDICT_CHAIN, verdict.Chain);
        writer.EndNested(nest);
        writer.EndNested(data);
    }

    /// <summary>Reads the verdict out of an <c>NFTA_DATA_*</c> nest; null when it holds a value.</summary>
    internal static NftVerdict? ReadVerdict(NetlinkAttributes data)
    {
        while (data.TryNext(out var part))
        {
            if (part.Type != NfTables.NFTA_DATA_VERDICT) continue;
            int code = 0;
            string? chain = null;
            var inner = part.Nested;
            while (inner.TryNext(out var field))
            {
                if (field.Type == NfTables.NFTA_VERDICT_CODE) code = (int)field.U32Be;
                if (field.Type == NfTables.NFTA_VERDICT_CHAIN) chain = field.Text;
            }
            return new NftVerdict((NftVerdictCode)code, chain);
        }
        return null;
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_IMMEDIATE_DATA && ReadVerdict(part.Nested) is { } verdict) return new NftImmediate(verdict);
        }
        return new NftForeignExpression("immediate", new NftValue(raw.ToArray()));
    }
}
