using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>What runs in a pod.</summary>
public sealed class PodStatus
{
    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string? Phase { get; set; }

    /// <summary>The conditions, <c>Ready</c> and others.</summary>
    public List<PodCondition>? Conditions { get; set; }

    /// <summary>A sentence for people about the phase.</summary>
    public string? Message { get; set; }

    /// <summary>A word for programs about the phase.</summary>
    public string? Reason { get; set; }

    /// <summary>The node's address.</summary>
    public string? HostIP { get; set; }

    /// <summary>The pod's address.</summary>
    public string? PodIP { get; set; }

    /// <summary>The pod's addresses, at most one of each IP family; the first equals <c>podIP</c>.</summary>
    public List<PodIP>? PodIPs { get; set; }

    /// <summary>When the kubelet took it on; RFC 3339.</summary>
    public string? StartTime { get; set; }

    /// <summary>The state of the init containers.</summary>
    public List<ContainerStatus>? InitContainerStatuses { get; set; }

    /// <summary>The state of the containers.</summary>
    public List<ContainerStatus>? ContainerStatuses { get; set; }

    /// <summary>Everything else, as it was read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>An address of a pod.</summary>
public sealed class PodIP
{
    /// <summary>The address.</summary>
    public string Ip { get; set => field = value ?? ""; } = "";
}

/// <summary>One aspect of a pod's state.</summary>
public sealed class PodCondition
{
    /// <summary>The aspect, for example <c>Ready</c> or <c>PodScheduled</c>.</summary>
    public string Type { get; set => field = value ?? ""; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set => field = value ?? ""; } = "";

    /// <summary>When it was last looked at; RFC 3339.</summary>
    public string? LastProbeTime { get; set; }

    /// <summary>When it changed last; RFC 3339.</summary>
    public string? LastTransitionTime { get; set; }

    /// <summary>A word for programs that says why.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }

    /// <summary>Everything else, as it was read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>The state of a container.</summary>
public sealed class ContainerStatus
{
    /// <summary>The container's name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>What it does now.</summary>
    public ContainerState? State { get; set; }

    /// <summary>How it ended the last time.</summary>
    public ContainerState? LastState { get; set; }

    /// <summary>Whether it takes traffic.</summary>
    public bool Ready { get; set; }

    /// <summary>How often it was started again.</summary>
    public int RestartCount { get; set; }

    /// <summary>The image that runs.</summary>
    public string Image { get; set => field = value ?? ""; } = "";

    /// <summary>The image's digest.</summary>
    public string ImageID { get; set => field = value ?? ""; } = "";

    /// <summary>The container's name at its runtime, <c>RUNTIME://ID</c>.</summary>
    public string? ContainerID { get; set; }

    /// <summary>Whether it has started.</summary>
    public bool? Started { get; set; }

    /// <summary>Everything else, as it was read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>What a container does: one of the three.</summary>
public sealed class ContainerState
{
    /// <summary>It does not run yet.</summary>
    public ContainerStateWaiting? Waiting { get; set; }

    /// <summary>It runs.</summary>
    public ContainerStateRunning? Running { get; set; }

    /// <summary>It has ended.</summary>
    public ContainerStateTerminated? Terminated { get; set; }
}

/// <summary>A container that does not run yet.</summary>
public sealed class ContainerStateWaiting
{
    /// <summary>A word that says why.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }
}

/// <summary>A container that runs.</summary>
public sealed class ContainerStateRunning
{
    /// <summary>Since when; RFC 3339.</summary>
    public string? StartedAt { get; set; }
}

/// <summary>A container that has ended.</summary>
public sealed class ContainerStateTerminated
{
    /// <summary>Its exit code.</summary>
    public int ExitCode { get; set; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; set; }

    /// <summary>A word that says why.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }

    /// <summary>When it started; RFC 3339.</summary>
    public string? StartedAt { get; set; }

    /// <summary>When it ended; RFC 3339.</summary>
    public string? FinishedAt { get; set; }

    /// <summary>The container's name at its runtime.</summary>
    public string? ContainerID { get; set; }
}
