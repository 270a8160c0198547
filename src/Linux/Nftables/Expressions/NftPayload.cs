using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>From where an offset counts (<c>enum nft_payload_bases</c>).</summary>
public enum NftPayloadBase
{
    /// <summary>The start of the IP header.</summary>
    Network = 1,

    /// <summary>The start of the transport header.</summary>
    Transport = 2,
}

/// <summary>Loads bytes of the packet into a register, as they are.</summary>
/// <param name="Base">From where to count.</param>
/// <param name="Offset">In bytes.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Register">Where to.</param>
public sealed record NftPayload(NftPayloadBase Base, uint Offset, uint Length, uint Register = NftRegister.First) : NftExpression
{
    private const ushort NFTA_PAYLOAD_DREG = 1;
    private const ushort NFTA_PAYLOAD_BASE = 2;
    private const ushort NFTA_PAYLOAD_OFFSET = 3;
    private const ushort NFTA_PAYLOAD_LEN = 4;

    /// <inheritdoc/>
    public override string Name => "payload";

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U32Be(NFTA_PAYLOAD_DREG, Register);
        writer.U32Be(NFTA_PAYLOAD_BASE, (uint)Base);
        writer.U32Be(NFTA_PAYLOAD_OFFSET, Offset);
        writer.U32Be(NFTA_PAYLOAD_LEN, Length);
    }

    internal static NftExpression Read(NetlinkAttributes data, ReadOnlySpan<byte> raw)
    {
        uint register = 0, from = 0, offset = 0, length = 0;
        while (data.TryNext(out var part))
        {
            switch (part.Type)
            {
                case NFTA_PAYLOAD_DREG: register = NftRegister.Normalize(part.U32Be); break;
                case NFTA_PAYLOAD_BASE: from = part.U32Be; break;
                case NFTA_PAYLOAD_OFFSET: offset = part.U32Be; break;
                case NFTA_PAYLOAD_LEN: length = part.U32Be; break;
                // The source register and checksum options: a payload that is written, which Margay never does.
                default: return new NftForeignExpression("payload", new NftValue(raw.ToArray()));
            }
        }
        return new NftPayload((NftPayloadBase)from, offset, length, register);
    }
}
