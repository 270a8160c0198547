namespace Margay.Model.Resources;

/// <summary>
/// A node as calicoctl writes it (projectcalico.org/v3 Node). Clusters with the Kubernetes API keep this in the Kubernetes
/// node's annotations, so no API server serves it; it is read from files.
/// </summary>
public sealed class CalicoNode() : Resource(ApiVersions.ProjectCalico, "Node")
{
    /// <summary>Addresses, BGP and tunnels.</summary>
    public CalicoNodeSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What the node reports.</summary>
    public CalicoNodeObservation? Status { get; set; }
}

/// <summary>Addresses, BGP and tunnels of a node.</summary>
public sealed class CalicoNodeSpec
{
    /// <summary>How the node speaks BGP.</summary>
    public NodeBGPSpec? Bgp { get; set; }

    /// <summary>The IPv4 address of the VXLAN device.</summary>
    public string? Ipv4VXLANTunnelAddr { get; set; }

    /// <summary>Its MAC address.</summary>
    public string? VxlanTunnelMACAddr { get; set; }

    /// <summary>The IPv6 address of the VXLAN device for IPv6.</summary>
    public string? Ipv6VXLANTunnelAddr { get; set; }

    /// <summary>Its MAC address.</summary>
    public string? VxlanTunnelMACAddrV6 { get; set; }

    /// <summary>What orchestrators call the node.</summary>
    public List<OrchRef>? OrchRefs { get; set; }

    /// <summary>Encryption.</summary>
    public NodeWireguardSpec? Wireguard { get; set; }

    /// <summary>Addresses at which the node can be reached.</summary>
    public List<CalicoNodeAddress>? Addresses { get; set; }

    /// <summary>The node's interfaces.</summary>
    public List<CalicoNodeInterface>? Interfaces { get; set; }
}

/// <summary>How a node speaks BGP.</summary>
public sealed class NodeBGPSpec
{
    /// <summary>Its AS number; absent for the cluster's.</summary>
    public AsNumber? AsNumber { get; set; }

    /// <summary>Its IPv4 address, with the network's length.</summary>
    public string? Ipv4Address { get; set; }

    /// <summary>Its IPv6 address, with the network's length.</summary>
    public string? Ipv6Address { get; set; }

    /// <summary>The address of the IP in IP device.</summary>
    public string? Ipv4IPIPTunnelAddr { get; set; }

    /// <summary>Makes the node a route reflector of this cluster (RFC 4456), written as an IPv4 address.</summary>
    public string? RouteReflectorClusterID { get; set; }
}

/// <summary>What an orchestrator calls a node.</summary>
public sealed class OrchRef
{
    /// <summary>The name there.</summary>
    public string? NodeName { get; set; }

    /// <summary>The orchestrator, for example <c>k8s</c>. Needed.</summary>
    public string? Orchestrator { get; set; }
}

/// <summary>Addresses of a node's WireGuard devices.</summary>
public sealed class NodeWireguardSpec
{
    /// <summary>IPv4.</summary>
    public string? InterfaceIPv4Address { get; set; }

    /// <summary>IPv6.</summary>
    public string? InterfaceIPv6Address { get; set; }
}

/// <summary>An address of a node.</summary>
public sealed class CalicoNodeAddress
{
    /// <summary>The address, with or without the network's length. Needed.</summary>
    public string? Address { get; set; }

    /// <summary><c>CalicoNodeIP</c>, <c>InternalIP</c> or <c>ExternalIP</c>.</summary>
    public string? Type { get; set; }
}

/// <summary>An interface of a node.</summary>
public sealed class CalicoNodeInterface
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>Its addresses.</summary>
    public List<string>? Addresses { get; set; }
}

/// <summary>What a node reports.</summary>
public sealed class CalicoNodeObservation
{
    /// <summary>The WireGuard key for IPv4: 32 bytes in base64.</summary>
    public string? WireguardPublicKey { get; set; }

    /// <summary>The WireGuard key for IPv6: 32 bytes in base64.</summary>
    public string? WireguardPublicKeyV6 { get; set; }

    /// <summary>The pod networks that Kubernetes gave to the node.</summary>
    public List<string>? PodCIDRs { get; set; }
}
