namespace Margay.Ipam.Blocks;

/// <summary>The names of owner attributes in a block, as upstream writes them.</summary>
public static class OwnerAttributes
{
    /// <summary>The pod's name.</summary>
    public const string Pod = "pod";

    /// <summary>The pod's namespace.</summary>
    public const string Namespace = "namespace";

    /// <summary>The node on which the address is used.</summary>
    public const string Node = "node";

    /// <summary>What a non-pod address is for, one of the tunnel types.</summary>
    public const string Type = "type";

    /// <summary>The service that the address is for.</summary>
    public const string Service = "service";

    /// <summary>Type of the address of a service of type LoadBalancer.</summary>
    public const string LoadBalancer = "LoadBalancer";

    /// <summary>When the address was given, as text for people.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>Type of the address of an IPIP tunnel.</summary>
    public const string IpipTunnel = "ipipTunnelAddress";

    /// <summary>Type of the IPv4 address of a VXLAN tunnel.</summary>
    public const string VxlanTunnel = "vxlanTunnelAddress";

    /// <summary>Type of the IPv6 address of a VXLAN tunnel.</summary>
    public const string VxlanTunnelV6 = "vxlanV6TunnelAddress";

    /// <summary>Type of the IPv4 address of a WireGuard interface.</summary>
    public const string WireguardTunnel = "wireguardTunnelAddress";

    /// <summary>Type of the IPv6 address of a WireGuard interface.</summary>
    public const string WireguardTunnelV6 = "wireguardV6TunnelAddress";

    /// <summary>The handle of addresses that a Windows node keeps for itself; they never make a block non-empty.</summary>
    public const string WindowsReservedHandle = "windows-reserved-ipam-handle";

    /// <summary>True for the five tunnel types.</summary>
    public static bool IsTunnel(string? type) =>
        type is IpipTunnel or VxlanTunnel or VxlanTunnelV6 or WireguardTunnel or WireguardTunnelV6;
}
