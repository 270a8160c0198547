using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>What a machine says of itself.</summary>
public sealed class NodeStatus
{
    /// <summary>What it has, for example <c>cpu</c>, <c>memory</c> and <c>pods</c>.</summary>
    public Dictionary<string, Quantity>? Capacity { get; set; }

    /// <summary>What of it pods can have.</summary>
    public Dictionary<string, Quantity>? Allocatable { get; set; }

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public string? Phase { get; set; }

    /// <summary>The conditions, <c>Ready</c> and others.</summary>
    public List<NodeCondition>? Conditions { get; set; }

    /// <summary>Its addresses.</summary>
    public List<NodeAddress>? Addresses { get; set; }

    /// <summary>Where its daemons listen.</summary>
    public NodeDaemonEndpoints? DaemonEndpoints { get; set; }

    /// <summary>Its software and identity.</summary>
    public NodeSystemInfo? NodeInfo { get; set; }

    /// <summary>Images it has.</summary>
    public List<ContainerImage>? Images { get; set; }

    /// <summary>Volumes that are mounted.</summary>
    public List<string>? VolumesInUse { get; set; }

    /// <summary>Volumes that are attached.</summary>
    public List<AttachedVolume>? VolumesAttached { get; set; }

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public NodeConfigStatus? Config { get; set; }

    /// <summary>The container runtime's handlers.</summary>
    public List<NodeRuntimeHandler>? RuntimeHandlers { get; set; }

    /// <summary>What the container runtime can do.</summary>
    public NodeFeatures? Features { get; set; }

    /// <summary>What the kubelet says it can do.</summary>
    public List<string>? DeclaredFeatures { get; set; }
}

/// <summary>One aspect of a machine's state.</summary>
public sealed class NodeCondition
{
    /// <summary>The aspect, for example <c>Ready</c> or <c>NetworkUnavailable</c>.</summary>
    public string Type { get; set => field = value ?? ""; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set => field = value ?? ""; } = "";

    /// <summary>When it was last confirmed; RFC 3339.</summary>
    public string? LastHeartbeatTime { get; set; }

    /// <summary>When it changed last; RFC 3339.</summary>
    public string? LastTransitionTime { get; set; }

    /// <summary>A word for programs that says why.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }
}

/// <summary>An address of a machine.</summary>
public sealed class NodeAddress
{
    /// <summary><c>InternalIP</c>, <c>ExternalIP</c>, <c>Hostname</c>, <c>InternalDNS</c> or <c>ExternalDNS</c>.</summary>
    public string Type { get; set => field = value ?? ""; } = "";

    /// <summary>The address or name.</summary>
    public string Address { get; set => field = value ?? ""; } = "";
}

/// <summary>Where the daemons of a machine listen.</summary>
public sealed class NodeDaemonEndpoints
{
    /// <summary>The kubelet.</summary>
    public DaemonEndpoint? KubeletEndpoint { get; set; }
}

/// <summary>Where a daemon listens.</summary>
public sealed class DaemonEndpoint
{
    /// <summary>The port.</summary>
    [JsonPropertyName("Port")] // The one upper-case field of the core API.
    public int Port { get; set; }
}

/// <summary>A machine's software and identity.</summary>
public sealed class NodeSystemInfo
{
    /// <summary>From <c>/etc/machine-id</c>.</summary>
    public string MachineID { get; set => field = value ?? ""; } = "";

    /// <summary>From the firmware.</summary>
    public string SystemUUID { get; set => field = value ?? ""; } = "";

    /// <summary>New with every boot.</summary>
    public string BootID { get; set => field = value ?? ""; } = "";

    /// <summary>As <c>uname -r</c> says.</summary>
    public string KernelVersion { get; set => field = value ?? ""; } = "";

    /// <summary>The distribution.</summary>
    public string OsImage { get; set => field = value ?? ""; } = "";

    /// <summary>The container runtime, <c>NAME://VERSION</c>.</summary>
    public string ContainerRuntimeVersion { get; set => field = value ?? ""; } = "";

    /// <summary>The kubelet.</summary>
    public string KubeletVersion { get; set => field = value ?? ""; } = "";

    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public string KubeProxyVersion { get; set => field = value ?? ""; } = "";

    /// <summary>For example <c>linux</c>.</summary>
    public string OperatingSystem { get; set => field = value ?? ""; } = "";

    /// <summary>For example <c>amd64</c>.</summary>
    public string Architecture { get; set => field = value ?? ""; } = "";

    /// <summary>Swap space.</summary>
    public NodeSwapStatus? Swap { get; set; }
}

/// <summary>The swap space of a machine.</summary>
public sealed class NodeSwapStatus
{
    /// <summary>Its size in bytes.</summary>
    public long? Capacity { get; set; }
}

/// <summary>A container image.</summary>
public sealed class ContainerImage
{
    /// <summary>Its names.</summary>
    public List<string>? Names { get; set; }

    /// <summary>Its size in bytes.</summary>
    public long? SizeBytes { get; set; }
}

/// <summary>An attached volume.</summary>
public sealed class AttachedVolume
{
    /// <summary>The name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The device.</summary>
    public string DevicePath { get; set => field = value ?? ""; } = "";
}

/// <summary>The state of dynamic kubelet configuration; deprecated by Kubernetes.</summary>
public sealed class NodeConfigStatus
{
    /// <summary>The configuration to use next.</summary>
    public NodeConfigSource? Assigned { get; set; }

    /// <summary>The configuration in use.</summary>
    public NodeConfigSource? Active { get; set; }

    /// <summary>The configuration to fall back to.</summary>
    public NodeConfigSource? LastKnownGood { get; set; }

    /// <summary>What went wrong.</summary>
    public string? Error { get; set; }
}

/// <summary>A handler of the container runtime.</summary>
public sealed class NodeRuntimeHandler
{
    /// <summary>The name; empty for the default one.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>What it can do.</summary>
    public NodeRuntimeHandlerFeatures? Features { get; set; }
}

/// <summary>What a handler of the container runtime can do.</summary>
public sealed class NodeRuntimeHandlerFeatures
{
    /// <summary>Mounts that are read-only all the way down.</summary>
    public bool? RecursiveReadOnlyMounts { get; set; }

    /// <summary>User namespaces.</summary>
    public bool? UserNamespaces { get; set; }
}

/// <summary>What a container runtime can do.</summary>
public sealed class NodeFeatures
{
    /// <summary>The policy for supplementary groups.</summary>
    public bool? SupplementalGroupsPolicy { get; set; }
}
