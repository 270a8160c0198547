namespace Margay.Model.Resources;

// What every data plane on Linux heeds.
public sealed partial class FelixConfigurationSpec
{
    /// <summary>Whether IPv6 is handled; default true.</summary>
    public bool? Ipv6Support { get; set; }

    /// <summary>How interfaces of workloads begin, several with commas between; default <c>cali</c>.</summary>
    public string? InterfacePrefix { get; set; }

    /// <summary>
    /// Interfaces that never count as host endpoints, with commas between, <c>/expression/</c> for patterns; default
    /// <c>kube-ipvs0</c>.
    /// </summary>
    public string? InterfaceExclude { get; set; }

    /// <summary>The time between full looks at the interfaces, 0s for never; default 90s.</summary>
    public string? InterfaceRefreshInterval { get; set; }

    /// <summary>How long the kernel may take to answer over netlink; default 10s.</summary>
    public string? NetlinkTimeout { get; set; }

    /// <summary><c>Insert</c> (default) puts our hooks before everybody's rules, <c>Append</c> after them.</summary>
    public string? ChainInsertMode { get; set; }

    /// <summary>
    /// What happens to traffic from a workload to its own node after the workload's policy: <c>Drop</c> (default),
    /// <c>Accept</c>, or <c>Return</c> to other rules of the host.
    /// </summary>
    public string? DefaultEndpointToHostAction { get; set; }

    /// <summary>
    /// Whether packets that connection tracking finds invalid are let on to policy instead of dropped; default false.
    /// </summary>
    public bool? DisableConntrackInvalidCheck { get; set; }

    /// <summary>
    /// Ports of host endpoints that stay open whatever policy says; an empty list for none. Default tcp 22, 179, 2379, 2380,
    /// 5473, 6443, 6666, 6667 and udp 68.
    /// </summary>
    public List<ProtoPort>? FailsafeInboundHostPorts { get; set; }

    /// <summary>
    /// Ports that hosts may always reach; an empty list for none. Default tcp 179, 2379, 2380, 5473, 6443, 6666, 6667 and udp
    /// 53, 67.
    /// </summary>
    public List<ProtoPort>? FailsafeOutboundHostPorts { get; set; }

    /// <summary>The ports that outgoing NAT may use; absent leaves it to the kernel.</summary>
    public PolicyPort? NatPortRange { get; set; }

    /// <summary>The IPv4 address that outgoing NAT uses; absent takes that of the interface the packet leaves by.</summary>
    public string? NatOutgoingAddress { get; set; }

    /// <summary>
    /// Which destinations outgoing NAT leaves alone: <c>IPPoolsOnly</c> (default) or <c>IPPoolsAndHostIPs</c>.
    /// </summary>
    public string? NatOutgoingExclusions { get; set; }

    /// <summary>
    /// What happens to packets to service addresses that nothing translates: <c>Drop</c> (default), <c>Reject</c> or
    /// <c>Disabled</c>.
    /// </summary>
    public string? ServiceLoopPrevention { get; set; }

    /// <summary>
    /// Whether pods may ask by annotation to send from foreign addresses: <c>Disabled</c> (default) or <c>Any</c>.
    /// </summary>
    public string? WorkloadSourceSpoofing { get; set; }

    /// <summary>Networks outside of the cluster whose tunnelled packets are accepted, in CIDR notation.</summary>
    public List<string>? ExternalNodesList { get; set; }

    /// <summary>
    /// <c>Enabled</c> or <c>Disabled</c> (default): whether pods can have floating addresses by annotation.
    /// </summary>
    public string? FloatingIPs { get; set; }

    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether the kernel's forwarding switches are set.</summary>
    public string? IpForwarding { get; set; }

    /// <summary>Whether workloads may send VXLAN packets; default false.</summary>
    public bool? AllowVXLANPacketsFromWorkloads { get; set; }

    /// <summary>Whether workloads may send IP in IP packets; default false.</summary>
    public bool? AllowIPIPPacketsFromWorkloads { get; set; }

    /// <summary>Whether traffic between an application and its sidecar takes a short cut; default false.</summary>
    public bool? SidecarAccelerationEnabled { get; set; }

    /// <summary>Whether suitable untracked deny rules run in XDP; default true.</summary>
    public bool? XdpEnabled { get; set; }

    /// <summary>Whether the slow, driver-independent kind of XDP may be used; default false.</summary>
    public bool? GenericXDPEnabled { get; set; }

    /// <summary>The time between checks of XDP programs and maps, 0s for never; default 90s.</summary>
    public string? XdpRefreshInterval { get; set; }

    /// <summary>Whether the node service waits for the file that tells the MTU; default false.</summary>
    public bool? RequireMTUFile { get; set; }

    /// <summary>An expression for the host interfaces that the MTU is taken from.</summary>
    public string? MtuIfacePattern { get; set; }

    /// <summary><c>Enabled</c> or <c>Disabled</c> (default): work together with Istio's ambient mode.</summary>
    public string? IstioAmbientMode { get; set; }

    /// <summary>
    /// The DSCP value that marks connections for Istio's tunnel, 0 to 63 or a name such as <c>AF11</c>; default 23.
    /// </summary>
    public IntOrString? IstioDSCPMark { get; set; }

    /// <summary>Where the cgroup v2 hierarchy is mounted, if not where it normally is.</summary>
    public string? CgroupV2Path { get; set; }

    /// <summary>
    /// Amazon EC2: <c>DoNothing</c> (default), <c>Enable</c> or <c>Disable</c> the check of source and destination addresses.
    /// </summary>
    public string? AwsSrcDstCheck { get; set; }
}
