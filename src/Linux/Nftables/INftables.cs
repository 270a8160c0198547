namespace Margay.Linux.Nftables;

/// <summary>nf_tables of one network namespace: the kernel's, or the fake with the same rules.</summary>
public interface INftables
{
    /// <summary>Applies a transaction: all of it or nothing. An empty one does nothing.</summary>
    /// <exception cref="Netlink.NetlinkException">The kernel refused; the message names the operation.</exception>
    void Commit(NftTransaction transaction);

    /// <summary>Reads a table; null when it does not exist.</summary>
    NftTableState? Read(NftTableId table);

    /// <summary>Reads the rules of one chain, with handles and counters; none when table or chain do not exist.</summary>
    List<NftRule> ReadRules(NftTableId table, string chain);
}
