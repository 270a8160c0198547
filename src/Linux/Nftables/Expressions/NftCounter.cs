using Margay.Linux.Netlink;

namespace Margay.Linux.Nftables;

/// <summary>
/// Counts packets and bytes. What it has counted is no part of what it is: two counters are equal whatever they show, so
/// an unchanged rule keeps its counter.
/// </summary>
/// <param name="Packets">Counted packets, when read from the kernel.</param>
/// <param name="Bytes">Counted bytes, when read from the kernel.</param>
public sealed record NftCounter(ulong Packets = 0, ulong Bytes = 0) : NftExpression
{
    private const ushort NFTA_COUNTER_BYTES = 1;
    private const ushort NFTA_COUNTER_PACKETS = 2;

    /// <inheritdoc/>
    public override string Name => "counter";

    /// <inheritdoc/>
    public bool Equals(NftCounter? other) => other is not null;

    /// <inheritdoc/>
    public override int GetHashCode() => 7;

    internal override void WriteData(NetlinkWriter writer)
    {
        writer.U64Be(NFTA_COUNTER_BYTES, 0);
        writer.U64Be(NFTA_COUNTER_PACKETS, 0);
    }

    internal static NftExpression Read(NetlinkAttributes data)
    {
        ulong bytes = 0, packets = 0;
        while (data.TryNext(out var part))
        {
            if (part.Type == NFTA_COUNTER_BYTES) bytes = part.U64Be;
            if (part.Type == NFTA_COUNTER_PACKETS) packets = part.U64Be;
        }
        return new NftCounter(packets, bytes);
    }
}
