using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Writes a line to the kernel's log.</summary>
/// <param name="Prefix">Before the line; at most 127 bytes.</param>
/// <param name="Level">syslog(2) level; 5 is notice.</param>
public sealed record NftLog(string Prefix, uint Level = 5) : NftExpression
{
    private const ushort NFTA_LOG_PREFIX = 2;
    private const ushort NFTA_LOG_LEVEL = 5;

    /// <inheritdoc/>
    public override string Name => "log";

    internal override void WriteData(NetlinkWriter writer)
    {
        if (Prefix.Length > 0) writer.Text(NFTA_LOG_PREFIX, Prefix);
        writer.U32Be(NFTA_LOG_LEVEL, Level);
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        string prefix = "";
        uint level = 4;
        while (data.TryNext(out var part))
        {
            switch (part.Type)
            {
                case NFTA_LOG_PREFIX: prefix = part.Text; break;
                case NFTA_LOG_LEVEL: level = part.U32Be; break;
                default: return new NftForeignExpression("log", new NftValue(raw.ToArray()));
            }
        }
        return new NftLog(prefix, level);
    }
}
