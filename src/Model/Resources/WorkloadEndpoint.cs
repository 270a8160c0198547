namespace Margay.Model.Resources;

/// <summary>
/// An interface of a workload as calicoctl writes it (projectcalico.org/v3). Clusters with the Kubernetes API keep this in
/// pods, so no API server serves it; it is read from files.
/// </summary>
public sealed class WorkloadEndpoint() : Resource(ApiVersions.ProjectCalico, "WorkloadEndpoint")
{
    /// <summary>The interface and its workload.</summary>
    public WorkloadEndpointSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>An interface and its workload.</summary>
public sealed class WorkloadEndpointSpec
{
    /// <summary>The orchestrator, for example <c>k8s</c>.</summary>
    public string? Orchestrator { get; set; }

    /// <summary>The workload, where it is no pod.</summary>
    public string? Workload { get; set; }

    /// <summary>The node.</summary>
    public string? Node { get; set; }

    /// <summary>The container's identifier.</summary>
    public string? ContainerID { get; set; }

    /// <summary>The pod.</summary>
    public string? Pod { get; set; }

    /// <summary>The interface in the workload.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The pod's service account.</summary>
    public string? ServiceAccountName { get; set; }

    /// <summary>Its addresses, each a network of one address.</summary>
    public List<string>? IpNetworks { get; set; }

    /// <summary>Addresses that are translated to its own.</summary>
    public List<IPNAT>? IpNATs { get; set; }

    /// <summary>Its IPv4 gateway.</summary>
    public string? Ipv4Gateway { get; set; }

    /// <summary>Its IPv6 gateway.</summary>
    public string? Ipv6Gateway { get; set; }

    /// <summary>Profiles in their order.</summary>
    public List<string>? Profiles { get; set; }

    /// <summary>The interface on the node.</summary>
    public string? InterfaceName { get; set; }

    /// <summary>The MAC address.</summary>
    public string? Mac { get; set; }

    /// <summary>Ports by name.</summary>
    public List<WorkloadEndpointPort>? Ports { get; set; }

    /// <summary>Networks that it may send from beside its own addresses.</summary>
    public List<string>? AllowSpoofedSourcePrefixes { get; set; }

    /// <summary>Limits of its traffic.</summary>
    public QoSControls? QosControls { get; set; }
}

/// <summary>A port of a workload.</summary>
public sealed class WorkloadEndpointPort
{
    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The protocol. Needed.</summary>
    public Protocol? Protocol { get; set; }

    /// <summary>The number, 1 to 65535. Needed.</summary>
    public int? Port { get; set; }

    /// <summary>The node's port that leads to it; 0 for none.</summary>
    public int? HostPort { get; set; }

    /// <summary>The node's address that the port is on.</summary>
    public string? HostIP { get; set; }
}

/// <summary>An address that is translated to a workload's.</summary>
public sealed class IPNAT
{
    /// <summary>The workload's.</summary>
    public string? InternalIP { get; set; }

    /// <summary>The one outside.</summary>
    public string? ExternalIP { get; set; }
}

/// <summary>Limits of a workload's traffic; absent and 0 mean none. Ingress is towards the workload.</summary>
public sealed class QoSControls
{
    /// <summary>Bits per second, 1000 to 10^15.</summary>
    public long? IngressBandwidth { get; set; }

    /// <summary>Bits that may come at once, 1000 to 34359738360; default 4294967296.</summary>
    public long? IngressBurst { get; set; }

    /// <summary>Bits per second within a burst, 1010 to 1.01 * 10^15; 0 for the line's.</summary>
    public long? IngressPeakrate { get; set; }

    /// <summary>Bytes that may come at the line's rate, 1000 to 10^8; 0 for the MTU.</summary>
    public long? IngressMinburst { get; set; }

    /// <summary>As <see cref="IngressBandwidth"/>.</summary>
    public long? EgressBandwidth { get; set; }

    /// <summary>As <see cref="IngressBurst"/>.</summary>
    public long? EgressBurst { get; set; }

    /// <summary>As <see cref="IngressPeakrate"/>.</summary>
    public long? EgressPeakrate { get; set; }

    /// <summary>As <see cref="IngressMinburst"/>.</summary>
    public long? EgressMinburst { get; set; }

    /// <summary>Packets per second, 1 to 10000.</summary>
    public long? IngressPacketRate { get; set; }

    /// <summary>Packets that may come at once, 1 to 10000; default 5.</summary>
    public long? IngressPacketBurst { get; set; }

    /// <summary>As <see cref="IngressPacketRate"/>.</summary>
    public long? EgressPacketRate { get; set; }

    /// <summary>As <see cref="IngressPacketBurst"/>.</summary>
    public long? EgressPacketBurst { get; set; }

    /// <summary>Connections at a time, 1 to 4294967295.</summary>
    public long? IngressMaxConnections { get; set; }

    /// <summary>As <see cref="IngressMaxConnections"/>.</summary>
    public long? EgressMaxConnections { get; set; }

    /// <summary>The DSCP of packets from the workload: 0 to 63, or a name such as <c>AF11</c>.</summary>
    public IntOrString? Dscp { get; set; }
}
