namespace Margay.Model.Resources;

// The iptables data plane.
public sealed partial class FelixConfigurationSpec
{
    /// <summary><c>Auto</c> (default), <c>Legacy</c> or <c>NFT</c>.</summary>
    public string? IptablesBackend { get; set; }

    /// <summary>The time between checks of all rules, 0s for never; default 180s.</summary>
    public string? IptablesRefreshInterval { get; set; }

    /// <summary>The wait after a write before it is read back, in case another program overwrote it; default 5s.</summary>
    public string? IptablesPostWriteCheckInterval { get; set; }

    /// <summary>The time between tries to take the lock of iptables; default 50ms.</summary>
    public string? IptablesLockProbeInterval { get; set; }

    /// <summary>
    /// What allowed traffic does in the filter table: <c>Accept</c> (default) or <c>Return</c> to other rules.
    /// </summary>
    public string? IptablesFilterAllowAction { get; set; }

    /// <summary>What allowed traffic does in the mangle table: <c>Accept</c> (default) or <c>Return</c>.</summary>
    public string? IptablesMangleAllowAction { get; set; }

    /// <summary>What happens to denied traffic: <c>Drop</c> (default) or <c>Reject</c>.</summary>
    public string? IptablesFilterDenyAction { get; set; }

    /// <summary>The bits of the packet mark that may be used, 32 bits with at least 8 set; default 0xffff0000.</summary>
    public long? IptablesMarkMask { get; set; }

    /// <summary>
    /// The interfaces that outgoing NAT is done on, <c>+</c> at the end for any continuation; absent for all.
    /// </summary>
    public string? IptablesNATOutgoingInterfaceFilter { get; set; }

    /// <summary>The time between checks of all IP sets, 0s for never; default 90s.</summary>
    public string? IpsetsRefreshInterval { get; set; }

    /// <summary>How many members an IP set may have; default 1048576.</summary>
    public int? MaxIpsetSize { get; set; }

    /// <summary>Node ports, at most 7 ranges, for nodes where kube-proxy uses IPVS; default 30000:32767.</summary>
    public List<PolicyPort>? KubeNodePortRanges { get; set; }
}
