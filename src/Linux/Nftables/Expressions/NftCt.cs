using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Bits of <c>ct state</c>: <c>NF_CT_STATE_BIT</c> of <c>include/uapi/linux/netfilter/nf_conntrack_common.h</c>.</summary>
[Flags]
public enum NftCtState : uint
{
    /// <summary>Connection tracking could not make sense of the packet.</summary>
    Invalid = 1,

    /// <summary>Belongs to a connection that has been seen in both directions.</summary>
    Established = 2,

    /// <summary>Belongs to a connection that another one announced, or is an ICMP error about one.</summary>
    Related = 4,

    /// <summary>The first packet of a connection.</summary>
    New = 8,

    /// <summary>Not tracked on purpose.</summary>
    Untracked = 64,
}

/// <summary>Loads the state of the packet's connection, or another of its properties.</summary>
/// <param name="Key"><c>enum nft_ct_keys</c>; 0 is the state, <see cref="MarkKey"/> the mark.</param>
/// <param name="Register">Where to.</param>
public sealed record NftCt(uint Key = 0, uint Register = NftRegister.First) : NftExpression
{
    /// <summary><c>NFT_CT_MARK</c>: the connection's mark.</summary>
    public const uint MarkKey = 3;

    private const ushort NFTA_CT_DREG = 1;
    private const ushort NFTA_CT_KEY = 2;

    /// <inheritdoc/>
    public override string Name => "ct";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_CT_KEY, Key);
        writer.U32Be(NFTA_CT_DREG, Register);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        uint key = 0, register = 0;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_CT_KEY) key = part.U32Be;
            if (part.Type == NFTA_CT_DREG) register = NftRegister.Normalize(part.U32Be);
        }
        return new NftCt(key, register);
    }
}
