namespace Margay.Model.Resources;

// Routes and tunnels.
public sealed partial class FelixConfigurationSpec
{
    /// <summary>What routes are worked out from: <c>CalicoIPAM</c> (default) or <c>WorkloadIPs</c>.</summary>
    public string? RouteSource { get; set; }

    /// <summary>Whether routes are left alone altogether, for policy without networking; default false.</summary>
    public bool? RouteSyncDisabled { get; set; }

    /// <summary>The time between checks of all routes, 0s for never; default 90s.</summary>
    public string? RouteRefreshInterval { get; set; }

    /// <summary>Indices of route tables that may be used. It takes the place of <see cref="RouteTableRange"/>.</summary>
    public List<RouteTableRange>? RouteTableRanges { get; set; }

    /// <summary>Deprecated, see <see cref="RouteTableRanges"/>: within 1 to 250.</summary>
    public RouteTableRange? RouteTableRange { get; set; }

    /// <summary>The IPv4 source address that routes to workloads suggest; absent leaves it to the kernel.</summary>
    public string? DeviceRouteSourceAddress { get; set; }

    /// <summary>The IPv6 source address that routes to workloads suggest; absent leaves it to the kernel.</summary>
    public string? DeviceRouteSourceAddressIPv6 { get; set; }

    /// <summary>The protocol number that marks our routes, 8 bits; default 80 (upstream 3).</summary>
    public int? DeviceRouteProtocol { get; set; }

    /// <summary>Whether foreign routes to workload interfaces are removed; default true.</summary>
    public bool? RemoveExternalRoutes { get; set; }

    /// <summary>
    /// For which pools without VXLAN routes to other nodes come from here rather than BGP: <c>Enabled</c>, <c>Disabled</c>,
    /// <c>EnabledIPIPOnly</c> (default) or <c>EnabledNoEncapOnly</c>.
    /// </summary>
    public string? ProgramClusterRoutes { get; set; }

    /// <summary>The metric of IPv4 routes, 1 to 2147483646; default 1024.</summary>
    public int? Ipv4NormalRoutePriority { get; set; }

    /// <summary>The metric of IPv4 routes that should win during a live migration; default 512.</summary>
    public int? Ipv4ElevatedRoutePriority { get; set; }

    /// <summary>The metric of IPv6 routes, 1 to 2147483646; default 1024.</summary>
    public int? Ipv6NormalRoutePriority { get; set; }

    /// <summary>The metric of IPv6 routes that should win during a live migration; default 512.</summary>
    public int? Ipv6ElevatedRoutePriority { get; set; }

    /// <summary>How long routes keep the elevated metric after a live migration; default 30s.</summary>
    public string? LiveMigrationRouteConvergenceTime { get; set; }

    /// <summary>
    /// <c>PodsAndLoadBalancers</c> answers ARP and neighbour discovery for addresses of the host's own subnet; default
    /// <c>Disabled</c>.
    /// </summary>
    public string? LocalSubnetL2Reachability { get; set; }

    /// <summary>The time between announcements of those addresses, 0s for only once; default 120s.</summary>
    public string? LocalSubnetL2ReachabilityRefreshInterval { get; set; }

    /// <summary>Whether the IP in IP device is there; absent works it out from the pools.</summary>
    public bool? IpipEnabled { get; set; }

    /// <summary>Its MTU; 0 (default) works it out.</summary>
    public int? IpipMTU { get; set; }

    /// <summary>Whether the IPv4 VXLAN device is there; absent works it out from the pools.</summary>
    public bool? VxlanEnabled { get; set; }

    /// <summary>The MTU of the IPv4 VXLAN device; 0 (default) works it out.</summary>
    public int? VxlanMTU { get; set; }

    /// <summary>The MTU of the IPv6 VXLAN device; 0 (default) works it out.</summary>
    public int? VxlanMTUV6 { get; set; }

    /// <summary>The UDP port of VXLAN; default 4789.</summary>
    public int? VxlanPort { get; set; }

    /// <summary>The VXLAN network identifier; default 4096.</summary>
    public int? VxlanVNI { get; set; }
}
