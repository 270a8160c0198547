namespace Margay.Linux.Nftables;

/// <summary>The family of a table (<c>NFPROTO_*</c>).</summary>
public enum NftFamily : byte
{
    /// <summary>IPv4 and IPv6.</summary>
    Inet = 1,

    /// <summary>IPv4.</summary>
    Ip = 2,

    /// <summary>IPv6.</summary>
    Ip6 = 10,
}
