using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Drops the packet and answers with an error.</summary>
/// <param name="Type"><c>enum nft_reject_types</c>: 0 ICMP unreachable, 1 TCP reset, 2 ICMP unreachable of the packet's family.</param>
/// <param name="Code">The ICMP code; for type 2 <c>enum nft_reject_inet_code</c>, where 1 is port unreachable.</param>
public sealed record NftReject(uint Type = 2, byte Code = 1) : NftExpression
{
    private const ushort NFTA_REJECT_TYPE = 1;
    private const ushort NFTA_REJECT_ICMP_CODE = 2;

    /// <inheritdoc/>
    public override string Name => "reject";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_REJECT_TYPE, Type);
        writer.U8(NFTA_REJECT_ICMP_CODE, Code);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        uint type = 0;
        byte code = 0;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_REJECT_TYPE) type = part.U32Be;
            if (part.Type == NFTA_REJECT_ICMP_CODE) code = part.U8;
        }
        return new NftReject(type, code);
    }
}
