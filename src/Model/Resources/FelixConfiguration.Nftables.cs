namespace Margay.Model.Resources;

// The nftables data plane.
public sealed partial class FelixConfigurationSpec
{
    /// <summary><c>Enabled</c>, <c>Disabled</c>, or <c>Auto</c> (default): when kube-proxy uses nftables.</summary>
    public string? NftablesMode { get; set; }

    /// <summary>
    /// <c>All</c> or <c>Disabled</c> (default): whether established connections take the kernel's flow table.
    /// </summary>
    public string? NftablesFlowTableOffload { get; set; }

    /// <summary>An expression for the host interfaces in the flow table; empty (default) for workloads only.</summary>
    public string? NftablesFlowTableDataIfacePattern { get; set; }

    /// <summary>The time between checks of all rules, 0s for never; default 180s.</summary>
    public string? NftablesRefreshInterval { get; set; }

    /// <summary>
    /// What allowed traffic does in filter chains: <c>Accept</c> (default) or <c>Return</c> to other rules.
    /// </summary>
    public string? NftablesFilterAllowAction { get; set; }

    /// <summary>What allowed traffic does in mangle chains: <c>Accept</c> (default) or <c>Return</c>.</summary>
    public string? NftablesMangleAllowAction { get; set; }

    /// <summary>What happens to denied traffic: <c>Drop</c> (default) or <c>Reject</c>.</summary>
    public string? NftablesFilterDenyAction { get; set; }

    /// <summary>The bits of the packet mark that may be used, 32 bits with at least 8 set; default 0xffff0000.</summary>
    public long? NftablesMarkMask { get; set; }
}
