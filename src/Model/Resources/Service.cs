namespace Margay.Model.Resources;

/// <summary>A stable address for a changing set of pods (core v1).</summary>
public sealed class Service() : Resource(ApiVersions.Core, "Service")
{
    /// <summary>The addresses, ports and pods.</summary>
    public ServiceSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What the load balancer gave.</summary>
    public ServiceStatus? Status { get; set; }
}

/// <summary>The addresses, ports and pods of a service.</summary>
public sealed class ServiceSpec
{
    /// <summary>The ports; more than one need names.</summary>
    public List<ServicePort>? Ports { get; set; }

    /// <summary>Labels of the pods behind; absent when somebody else writes the endpoints.</summary>
    public Dictionary<string, string>? Selector { get; set; }

    /// <summary>The virtual address; <c>None</c> for a headless service.</summary>
    public string? ClusterIP { get; set; }

    /// <summary>The virtual addresses, at most one of each IP family; the first equals <c>clusterIP</c>.</summary>
    public List<string>? ClusterIPs { get; set; }

    /// <summary><c>ClusterIP</c> (default), <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Further addresses that the nodes accept traffic for.</summary>
    public List<string>? ExternalIPs { get; set; }

    /// <summary><c>None</c> (default) or <c>ClientIP</c>: whether a client stays with one pod.</summary>
    public string? SessionAffinity { get; set; }

    /// <summary>Deprecated: the address asked of the load balancer.</summary>
    public string? LoadBalancerIP { get; set; }

    /// <summary>Networks that may use the load balancer.</summary>
    public List<string>? LoadBalancerSourceRanges { get; set; }

    /// <summary>The DNS name that a service of type ExternalName stands for.</summary>
    public string? ExternalName { get; set; }

    /// <summary><c>Cluster</c> (default) or <c>Local</c>: whether traffic from outside may leave the node it came to.</summary>
    public string? ExternalTrafficPolicy { get; set; }

    /// <summary>The node port that answers health checks, with external traffic policy Local.</summary>
    public int? HealthCheckNodePort { get; set; }

    /// <summary>Whether pods that are not ready count as endpoints.</summary>
    public bool? PublishNotReadyAddresses { get; set; }

    /// <summary>Details of the session affinity.</summary>
    public SessionAffinityConfig? SessionAffinityConfig { get; set; }

    /// <summary><c>IPv4</c> and <c>IPv6</c> in order of preference.</summary>
    public List<string>? IpFamilies { get; set; }

    /// <summary><c>SingleStack</c>, <c>PreferDualStack</c> or <c>RequireDualStack</c>.</summary>
    public string? IpFamilyPolicy { get; set; }

    /// <summary>Whether a load balancer service gets node ports; default true.</summary>
    public bool? AllocateLoadBalancerNodePorts { get; set; }

    /// <summary>Which implementation of load balancer is meant.</summary>
    public string? LoadBalancerClass { get; set; }

    /// <summary><c>Cluster</c> (default) or <c>Local</c>: whether traffic from inside may leave its node.</summary>
    public string? InternalTrafficPolicy { get; set; }

    /// <summary>A preference for near endpoints, for example <c>PreferClose</c>.</summary>
    public string? TrafficDistribution { get; set; }
}

/// <summary>A port of a service.</summary>
public sealed class ServicePort
{
    /// <summary>The name; may be absent when it is the only port.</summary>
    public string? Name { get; set; }

    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>The protocol spoken on top, for example <c>https</c>.</summary>
    public string? AppProtocol { get; set; }

    /// <summary>The port of the service's addresses, 1 to 65535.</summary>
    public int Port { get; set; }

    /// <summary>The port of the pods, as a number or a name; absent means the same as <c>port</c>.</summary>
    public IntOrString? TargetPort { get; set; }

    /// <summary>The port on every node.</summary>
    public int? NodePort { get; set; }
}

/// <summary>Details of session affinity.</summary>
public sealed class SessionAffinityConfig
{
    /// <summary>For affinity by client address.</summary>
    public ClientIPConfig? ClientIP { get; set; }
}

/// <summary>Affinity by client address.</summary>
public sealed class ClientIPConfig
{
    /// <summary>How long a client stays with its pod, 1 to 86400 seconds; default 10800.</summary>
    public int? TimeoutSeconds { get; set; }
}

/// <summary>What the load balancer gave.</summary>
public sealed class ServiceStatus
{
    /// <summary>The load balancer.</summary>
    public LoadBalancerStatus? LoadBalancer { get; set; }

    /// <summary>The conditions.</summary>
    public List<Condition>? Conditions { get; set; }
}

/// <summary>The entrances of a load balancer.</summary>
public sealed class LoadBalancerStatus
{
    /// <summary>The entrances.</summary>
    public List<LoadBalancerIngress>? Ingress { get; set; }
}

/// <summary>An entrance of a load balancer: an address or a name.</summary>
public sealed class LoadBalancerIngress
{
    /// <summary>The address.</summary>
    public string? Ip { get; set; }

    /// <summary>The DNS name.</summary>
    public string? Hostname { get; set; }

    /// <summary><c>VIP</c> (default) or <c>Proxy</c>: whether packets arrive with this address as destination.</summary>
    public string? IpMode { get; set; }

    /// <summary>How each port came out.</summary>
    public List<PortStatus>? Ports { get; set; }
}

/// <summary>How a port of a load balancer came out.</summary>
public sealed class PortStatus
{
    /// <summary>The port.</summary>
    public int Port { get; set; }

    /// <summary>The protocol.</summary>
    public string Protocol { get; set => field = value ?? ""; } = "";

    /// <summary>What went wrong, if anything.</summary>
    public string? Error { get; set; }
}
