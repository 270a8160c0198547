using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>Properties of a packet besides its bytes (<c>enum nft_meta_keys</c>).</summary>
public enum NftMetaKey
{
    /// <summary>The packet's mark.</summary>
    Mark = 3,

    /// <summary>Index of the interface it came in by; 0 when the host made it.</summary>
    InputIndex = 4,

    /// <summary>Index of the interface it goes out by; 0 when it is for the host.</summary>
    OutputIndex = 5,

    /// <summary>Name of the interface it came in by.</summary>
    InputName = 6,

    /// <summary>Name of the interface it goes out by.</summary>
    OutputName = 7,

    /// <summary>2 for IPv4, 10 for IPv6, in tables of the inet family.</summary>
    NfProto = 15,

    /// <summary>The transport protocol, past IPv6 extension headers.</summary>
    L4Proto = 16,
}

/// <summary>Loads a property into a register.</summary>
/// <param name="Key">Which.</param>
/// <param name="Register">Where to.</param>
public sealed record NftMeta(NftMetaKey Key, uint Register = NftRegister.First) : NftExpression
{
    private const ushort NFTA_META_DREG = 1;
    private const ushort NFTA_META_KEY = 2;
    private const ushort NFTA_META_SREG = 3;

    /// <inheritdoc/>
    public override string Name => "meta";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_META_KEY, (uint)Key);
        writer.U32Be(NFTA_META_DREG, Register);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        uint key = 0, register = 0;
        bool sets = false;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_META_KEY) key = part.U32Be;
            if (part.Type is NFTA_META_DREG or NFTA_META_SREG) register = NftRegister.Normalize(part.U32Be);
            sets |= part.Type == NFTA_META_SREG;
        }
        return sets ? new NftMetaSet((NftMetaKey)key, register) : new NftMeta((NftMetaKey)key, register);
    }

    internal static void WriteSet(NetlinkWriter writer, NftMetaKey key, uint register)
    {
        writer.U32Be(NFTA_META_KEY, (uint)key);
        writer.U32Be(NFTA_META_SREG, register);
    }
}

/// <summary>Sets a property from a register.</summary>
/// <param name="Key">Which.</param>
/// <param name="Register">Where from.</param>
public sealed record NftMetaSet(NftMetaKey Key, uint Register = NftRegister.First) : NftExpression
{
    /// <inheritdoc/>
    public override string Name => "meta";

    internal override void WriteData(NetlinkWriter writer) => NftMeta.WriteSet(writer, Key, Register);
}
