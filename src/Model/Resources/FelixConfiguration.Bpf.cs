namespace Margay.Model.Resources;

// The eBPF data plane.
public sealed partial class FelixConfigurationSpec
{
    /// <summary>Whether the eBPF data plane is used; default false.</summary>
    public bool? BpfEnabled { get; set; }

    /// <summary>
    /// How programs are attached: <c>Netkit</c> (default), <c>TCX</c> or <c>TC</c>; what the kernel lacks falls back to the
    /// next.
    /// </summary>
    public string? BpfAttachType { get; set; }

    /// <summary>
    /// The source of the node's own traffic into a tunnel: <c>TunnelAddress</c> (default) or <c>HostAddress</c>.
    /// </summary>
    public string? BpfOverlayHostSourceIP { get; set; }

    /// <summary>Whether unprivileged use of BPF is switched off; default true.</summary>
    public bool? BpfDisableUnprivileged { get; set; }

    /// <summary>
    /// <c>Auto</c> (default) lowers strict hardening of the compiler to the usual, <c>Strict</c> leaves it.
    /// </summary>
    public string? BpfJITHardening { get; set; }

    /// <summary>What programs write to the trace pipe: <c>Off</c> (default), <c>Info</c> or <c>Debug</c>.</summary>
    public string? BpfLogLevel { get; set; }

    /// <summary>
    /// Which packets are logged: a pcap expression for each interface, <c>all</c>, <c>weps</c> or <c>heps</c>; absent for all
    /// packets.
    /// </summary>
    public Dictionary<string, string>? BpfLogFilters { get; set; }

    /// <summary><c>all</c> to log connect-time load balancing while <see cref="BpfLogFilters"/> is set.</summary>
    public string? BpfCTLBLogFilter { get; set; }

    /// <summary>What the cleaner of connections logs: <c>Off</c> (default) or <c>Debug</c>.</summary>
    public string? BpfConntrackLogLevel { get; set; }

    /// <summary>Who removes expired connections: <c>Userspace</c>, <c>BPFProgram</c> or <c>Auto</c>.</summary>
    public string? BpfConntrackMode { get; set; }

    /// <summary>When idle connections expire.</summary>
    public BpfConntrackTimeouts? BpfConntrackTimeouts { get; set; }

    /// <summary>How long fragments wait for the rest of their packet; absent or 0s takes the kernel's setting.</summary>
    public string? BpfIPFragTimeout { get; set; }

    /// <summary>
    /// Whether fragments from outside that arrive out of order are put together; default true. If false they are dropped.
    /// </summary>
    public bool? BpfIPFragmentReassemblyEnabled { get; set; }

    /// <summary>An expression for the host interfaces that lead to the network.</summary>
    public string? BpfDataIfacePattern { get; set; }

    /// <summary>An expression for further such interfaces without Ethernet headers: tunnels of others.</summary>
    public string? BpfL3IfacePattern { get; set; }

    /// <summary>Deprecated, see <see cref="BpfConnectTimeLoadBalancing"/>.</summary>
    public bool? BpfConnectTimeLoadBalancingEnabled { get; set; }

    /// <summary>
    /// Whether services are resolved when a socket connects: <c>TCP</c> (default), <c>Enabled</c> or <c>Disabled</c>.
    /// </summary>
    public string? BpfConnectTimeLoadBalancing { get; set; }

    /// <summary>
    /// <c>Enabled</c> (default) or <c>Disabled</c>: whether host processes reach services by NAT where the former does not
    /// serve them.
    /// </summary>
    public string? BpfHostNetworkedNATWithoutCTLB { get; set; }

    /// <summary>
    /// How answers to clients outside go back: <c>Tunnel</c> (default) by the node they came to, <c>DSR</c> directly.
    /// </summary>
    public string? BpfExternalServiceMode { get; set; }

    /// <summary>Clients, in CIDR notation, that are served as under <c>Tunnel</c> all the same.</summary>
    public List<string>? BpfDSROptoutCIDRs { get; set; }

    /// <summary>A 32-bit mark for connections from outside to local services; default 0.</summary>
    public int? BpfExtToServiceConnmark { get; set; }

    /// <summary>Whether the rules that kube-proxy left are removed; default true.</summary>
    public bool? BpfKubeProxyIptablesCleanupEnabled { get; set; }

    /// <summary>The least time between two updates of services; default 1s.</summary>
    public string? BpfKubeProxyMinSyncPeriod { get; set; }

    /// <summary>The port that tells load balancers which services have local pods, 0 for none; default 10256.</summary>
    public int? BpfKubeProxyHealthzPort { get; set; }

    /// <summary>Where source ports come from when two connections collide; default 20000:29999.</summary>
    public PolicyPort? BpfPSNATPorts { get; set; }

    /// <summary>Entries for service addresses and ports; default 65536.</summary>
    public int? BpfMapSizeNATFrontend { get; set; }

    /// <summary>Entries for the endpoints of services; default 262144.</summary>
    public int? BpfMapSizeNATBackend { get; set; }

    /// <summary>Entries for clients that stay with an endpoint; default 65536.</summary>
    public int? BpfMapSizeNATAffinity { get; set; }

    /// <summary>Entries for workloads and hosts; default 262144.</summary>
    public int? BpfMapSizeRoute { get; set; }

    /// <summary>Entries for connections; default 512000. Changing it can cut connections.</summary>
    public int? BpfMapSizeConntrack { get; set; }

    /// <summary>
    /// Entries for connections for each processor; 0 (default) leaves it to <see cref="BpfMapSizeConntrack"/>.
    /// </summary>
    public int? BpfMapSizePerCpuConntrack { get; set; }

    /// <summary><c>DoubleIfFull</c> (default) or <c>Disabled</c>.</summary>
    public string? BpfMapSizeConntrackScaling { get; set; }

    /// <summary>Entries for translated connections that wait to be removed, at least 1; default 100000.</summary>
    public int? BpfMapSizeConntrackCleanupQueue { get; set; }

    /// <summary>Entries for members of IP sets; default 1048576.</summary>
    public int? BpfMapSizeIPSets { get; set; }

    /// <summary>Entries for interfaces; default 1000.</summary>
    public int? BpfMapSizeIfState { get; set; }

    /// <summary>
    /// Whether traffic of workloads and services passes by the kernel's connection tracking; default false.
    /// </summary>
    public bool? BpfHostConntrackBypass { get; set; }

    /// <summary>
    /// The check of source addresses on host interfaces: <c>Loose</c> (default), <c>Strict</c> or <c>Disabled</c>.
    /// </summary>
    public string? BpfEnforceRPF { get; set; }

    /// <summary>Whether details about policy programs are kept for inspection; default true.</summary>
    public bool? BpfPolicyDebugEnabled { get; set; }

    /// <summary>
    /// Interfaces, <c>+</c> at the end for any continuation, whose traffic the kernel does track; default <c>docker+</c>.
    /// </summary>
    public List<string>? BpfForceTrackPacketsFromIfaces { get; set; }

    /// <summary>An expression for interfaces whose receive offload is switched off.</summary>
    public string? BpfDisableGROForIfaces { get; set; }

    /// <summary>Destinations, in CIDR notation, that are left to the host, such as a local DNS cache.</summary>
    public List<string>? BpfExcludeCIDRsFromNAT { get; set; }

    /// <summary>The size of the event buffer in MB; default 1.</summary>
    public int? BpfExportBufferSizeMB { get; set; }

    /// <summary>
    /// <c>Enabled</c> (default) or <c>Disabled</c>: whether packets go straight to the far side of a workload's interface.
    /// Captures on the near side miss them.
    /// </summary>
    public string? BpfRedirectToPeer { get; set; }

    /// <summary><c>Enabled</c> or <c>Disabled</c> (default): whether the programs' run time is measured.</summary>
    public string? BpfProfiling { get; set; }

    /// <summary>Endpoints to expect behind a service with consistent hashing, 1 to 3000; default 100.</summary>
    public int? BpfMaglevMaxEndpointsPerService { get; set; }

    /// <summary>Services with consistent hashing to expect, 1 to 3000; default 100.</summary>
    public int? BpfMaglevMaxServices { get; set; }
}
