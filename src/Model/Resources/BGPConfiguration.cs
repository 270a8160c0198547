namespace Margay.Model.Resources;

/// <summary>
/// How nodes speak BGP (projectcalico.org/v3). <c>default</c> holds for every node, <c>node.NAME</c> overrides some of it on
/// one.
/// </summary>
public sealed class BGPConfiguration() : Resource(ApiVersions.ProjectCalico, "BGPConfiguration")
{
    /// <summary>The settings; those that are absent have their defaults.</summary>
    public BGPConfigurationSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>How nodes speak BGP.</summary>
public sealed class BGPConfigurationSpec
{
    /// <summary>
    /// The least severity for standard output: <c>Trace</c>, <c>Debug</c>, <c>Info</c> (default), <c>Warning</c>, <c>Error</c>
    /// or <c>Fatal</c>, in any case.
    /// </summary>
    public string? LogSeverityScreen { get; set; }

    /// <summary>Whether every node peers with every other; default true.</summary>
    public bool? NodeToNodeMeshEnabled { get; set; }

    /// <summary>The AS number of nodes that have none of their own; default 64512.</summary>
    public AsNumber? AsNumber { get; set; }

    /// <summary>Where addresses of load balancers are that may be advertised.</summary>
    public List<ServiceIPBlock>? ServiceLoadBalancerIPs { get; set; }

    /// <summary>Where external addresses of services are that may be advertised.</summary>
    public List<ServiceIPBlock>? ServiceExternalIPs { get; set; }

    /// <summary>Where cluster addresses of services are; these networks are advertised, and single services in them.</summary>
    public List<ServiceIPBlock>? ServiceClusterIPs { get; set; }

    /// <summary>
    /// <c>Enabled</c> (default) advertises the networks of load balancers, <c>Disabled</c> each of their addresses.
    /// </summary>
    public string? ServiceLoadBalancerAggregation { get; set; }

    /// <summary>Communities with names, at most 500; to be used in <see cref="PrefixAdvertisements"/>.</summary>
    public List<BGPCommunity>? Communities { get; set; }

    /// <summary>With which communities prefixes are advertised; at most 500.</summary>
    public List<PrefixAdvertisement>? PrefixAdvertisements { get; set; }

    /// <summary>The TCP port to listen on, 1 to 65535; default 179.</summary>
    public int? ListenPort { get; set; }

    /// <summary>The password of sessions of the mesh; only in <c>default</c>, and only with the mesh.</summary>
    public BGPPassword? NodeMeshPassword { get; set; }

    /// <summary>
    /// How long sessions of the mesh wait for a restarting peer (RFC 4724), whole seconds; default 120s. Only in
    /// <c>default</c>, and only with the mesh.
    /// </summary>
    public string? NodeMeshMaxRestartTime { get; set; }

    /// <summary><c>None</c> (default) listens on all addresses, <c>NodeIP</c> on the node's own.</summary>
    public string? BindMode { get; set; }

    /// <summary>Interfaces whose routes are not looked at; <c>*</c> stands for any characters.</summary>
    public List<string>? IgnoredInterfaces { get; set; }

    /// <summary>The IPv4 address that workloads on the node peer with.</summary>
    public string? LocalWorkloadPeeringIPV4 { get; set; }

    /// <summary>The IPv6 address that workloads on the node peer with.</summary>
    public string? LocalWorkloadPeeringIPV6 { get; set; }

    /// <summary>
    /// For which pools without VXLAN routes to other nodes come from BGP: <c>Enabled</c>, <c>Disabled</c>,
    /// <c>EnabledIPIPOnly</c> or <c>EnabledNoEncapOnly</c> (default). The node service has a setting of the same name that must
    /// cover exactly the others.
    /// </summary>
    public string? ProgramClusterRoutes { get; set; }

    /// <summary>The metric of IPv4 routes to workloads, 1 to 2147483646; default 1024.</summary>
    public int? Ipv4NormalRoutePriority { get; set; }

    /// <summary>The metric of IPv6 routes to workloads, 1 to 2147483646; default 1024.</summary>
    public int? Ipv6NormalRoutePriority { get; set; }
}

/// <summary>A network of service addresses.</summary>
public sealed class ServiceIPBlock
{
    /// <summary>The network in CIDR notation.</summary>
    public string? Cidr { get; set; }
}

/// <summary>A BGP community with a name.</summary>
public sealed class BGPCommunity
{
    /// <summary>The name. Needed.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// <c>aa:nn</c> with 16 bits each (RFC 1997) or <c>aa:nn:mm</c> with 32 bits each (RFC 8092). Needed.
    /// </summary>
    public string? Value { get; set; }
}

/// <summary>The communities a prefix is advertised with.</summary>
public sealed class PrefixAdvertisement
{
    /// <summary>The prefix in CIDR notation. Needed.</summary>
    public string? Cidr { get; set; }

    /// <summary>Names that <see cref="BGPConfigurationSpec.Communities"/> has, or values; at most 50. Needed.</summary>
    public List<string>? Communities { get; set; }
}

/// <summary>Where a BGP password is.</summary>
public sealed class BGPPassword
{
    /// <summary>A key of a secret in the namespace of the node's pod.</summary>
    public SecretKeySelector? SecretKeyRef { get; set; }
}

/// <summary>A key of a secret (core/v1 SecretKeySelector).</summary>
public sealed class SecretKeySelector
{
    /// <summary>The secret.</summary>
    public string? Name { get; set; }

    /// <summary>The key. Needed.</summary>
    public string? Key { get; set; }

    /// <summary>Whether the secret or the key may be absent.</summary>
    public bool? Optional { get; set; }
}
