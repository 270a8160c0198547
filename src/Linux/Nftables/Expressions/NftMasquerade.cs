using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Replaces the source address by that of the outgoing interface.</summary>
/// <param name="Flags"><c>NF_NAT_RANGE_*</c> of <c>include/uapi/linux/netfilter/nf_nat.h</c>; 16 picks ports at random.</param>
public sealed record NftMasquerade(uint Flags = 0) : NftExpression
{
    /// <summary><c>NF_NAT_RANGE_PROTO_RANDOM_FULLY</c>.</summary>
    public const uint FullyRandom = 16;

    private const ushort NFTA_MASQ_FLAGS = 1;

    /// <inheritdoc/>
    public override string Name => "masq";

    internal override void WriteData(NetlinkWriter writer)
    {
        if (Flags != 0) writer.U32Be(NFTA_MASQ_FLAGS, Flags);
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        uint flags = 0;
        while (data.TryNext(out var part))
        {
            if (part.Type != NFTA_MASQ_FLAGS) return new NftForeignExpression("masq", new NftValue(raw.ToArray()));
            flags = part.U32Be;
        }
        return new NftMasquerade(flags);
    }
}
