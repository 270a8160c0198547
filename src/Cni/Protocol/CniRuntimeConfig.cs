namespace Margay.Cni.Protocol;

/// <summary>What a runtime says about one container (conventions document of the specification).</summary>
public sealed class CniRuntimeConfig
{
    /// <summary>Capability <c>ips</c>: addresses to use, as CIDR or bare.</summary>
    public List<string>? Ips { get; set; }

    /// <summary>Capability <c>mac</c>: the hardware address of the container's interface.</summary>
    public string? Mac { get; set; }

    /// <summary>Capability <c>portMappings</c>: host ports; the chained portmap plugin programs them.</summary>
    public List<CniPortMapping>? PortMappings { get; set; }

    /// <summary>Capability <c>bandwidth</c>: limits.</summary>
    public CniBandwidth? Bandwidth { get; set; }
}

/// <summary>A host port.</summary>
public sealed class CniPortMapping
{
    /// <summary>The port on the host.</summary>
    public int HostPort { get; set; }

    /// <summary>The port in the container.</summary>
    public int ContainerPort { get; set; }

    /// <summary>tcp, udp or sctp.</summary>
    public string? Protocol { get; set; }

    /// <summary>The host's address; absent: every one.</summary>
    public string? HostIP { get; set; }
}

/// <summary>Limits as seen from the container; rates in bits per second, bursts in bits.</summary>
public sealed class CniBandwidth
{
    /// <summary>Towards the container.</summary>
    public ulong IngressRate { get; set; }

    /// <summary>Towards the container.</summary>
    public ulong IngressBurst { get; set; }

    /// <summary>From the container.</summary>
    public ulong EgressRate { get; set; }

    /// <summary>From the container.</summary>
    public ulong EgressBurst { get; set; }
}
