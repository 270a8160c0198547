using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>
/// A pod (core v1): the fields that Margay uses are typed, every other one is kept as it was read and written back.
/// </summary>
public sealed class Pod() : Resource(ApiVersions.Core, "Pod")
{
    /// <summary>What should run.</summary>
    public PodSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What runs.</summary>
    public PodStatus? Status { get; set; }
}

/// <summary>What should run in a pod.</summary>
public sealed class PodSpec
{
    /// <summary>Containers that run before the others, one after the other.</summary>
    public List<Container>? InitContainers { get; set; }

    /// <summary>The containers; at least one.</summary>
    public List<Container>? Containers { get; set; }

    /// <summary><c>Always</c> (default), <c>OnFailure</c> or <c>Never</c>.</summary>
    public string? RestartPolicy { get; set; }

    /// <summary>Seconds between the request to stop and the kill; default 30.</summary>
    public long? TerminationGracePeriodSeconds { get; set; }

    /// <summary>Labels that a node must have.</summary>
    public Dictionary<string, string>? NodeSelector { get; set; }

    /// <summary>The service account; <c>default</c> when absent.</summary>
    public string? ServiceAccountName { get; set; }

    /// <summary>The old name of <c>serviceAccountName</c>.</summary>
    public string? ServiceAccount { get; set; }

    /// <summary>The node it runs on, once there is one.</summary>
    public string? NodeName { get; set; }

    /// <summary>Whether it shares the node's network; such a pod is no endpoint of its own.</summary>
    public bool? HostNetwork { get; set; }

    /// <summary>The host name inside; the pod's name when absent.</summary>
    public string? Hostname { get; set; }

    /// <summary>The subdomain, for a DNS name under a headless service.</summary>
    public string? Subdomain { get; set; }

    /// <summary>Everything else, as it was read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>A container of a pod.</summary>
public sealed class Container
{
    /// <summary>The name; unique in the pod.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The image.</summary>
    public string? Image { get; set; }

    /// <summary>The program, in place of the image's entry point.</summary>
    public List<string>? Command { get; set; }

    /// <summary>Its arguments, in place of the image's.</summary>
    public List<string>? Args { get; set; }

    /// <summary>The directory it starts in.</summary>
    public string? WorkingDir { get; set; }

    /// <summary>The ports it listens on; a name here is a named port for policy.</summary>
    public List<ContainerPort>? Ports { get; set; }

    /// <summary>Environment variables.</summary>
    public List<EnvVar>? Env { get; set; }

    /// <summary>Everything else, as it was read.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>A port that a container listens on.</summary>
public sealed class ContainerPort
{
    /// <summary>The name, for services and policy rules.</summary>
    public string? Name { get; set; }

    /// <summary>The port on the node, if it is to be reachable there.</summary>
    public int? HostPort { get; set; }

    /// <summary>The port in the pod, 1 to 65535.</summary>
    [JsonPropertyName("containerPort")]
    public int Number { get; set; }

    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>The node's address for the host port.</summary>
    public string? HostIP { get; set; }
}

/// <summary>An environment variable.</summary>
public sealed class EnvVar
{
    /// <summary>The name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The value.</summary>
    public string? Value { get; set; }

    /// <summary>Where the value comes from otherwise; kept as it was read.</summary>
    public JsonElement? ValueFrom { get; set; }
}
