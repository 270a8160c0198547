namespace Margay.Linux.Nftables;

/// <summary>A table's identity.</summary>
/// <param name="Family">Its family.</param>
/// <param name="Name">Its name.</param>
public readonly record struct NftTableId(NftFamily Family, string Name)
{
    /// <summary>As nft writes it: <c>inet margay</c>.</summary>
    public override string ToString() => $"{(Family == NftFamily.Inet ? "inet" : Family == NftFamily.Ip ? "ip" : "ip6")} {Name}";
}
