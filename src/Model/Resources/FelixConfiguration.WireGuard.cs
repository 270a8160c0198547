namespace Margay.Model.Resources;

// Encryption between nodes.
public sealed partial class FelixConfigurationSpec
{
    /// <summary>Whether IPv4 pod traffic between nodes is encrypted; default false.</summary>
    public bool? WireguardEnabled { get; set; }

    /// <summary>Whether IPv6 pod traffic between nodes is encrypted; default false.</summary>
    public bool? WireguardEnabledV6 { get; set; }

    /// <summary>Whether the devices use threaded NAPI, for very many packets; default false.</summary>
    public bool? WireguardThreadingEnabled { get; set; }

    /// <summary>The UDP port for IPv4, 1 to 65535; default 51820.</summary>
    public int? WireguardListeningPort { get; set; }

    /// <summary>The UDP port for IPv6, 1 to 65535; default 51821.</summary>
    public int? WireguardListeningPortV6 { get; set; }

    /// <summary>The priority of the routing rule, 1 to 32765; default 99.</summary>
    public int? WireguardRoutingRulePriority { get; set; }

    /// <summary>The device for IPv4; default <c>wireguard.cali</c>.</summary>
    public string? WireguardInterfaceName { get; set; }

    /// <summary>The device for IPv6; default <c>wg-v6.cali</c>.</summary>
    public string? WireguardInterfaceNameV6 { get; set; }

    /// <summary>The MTU for IPv4; 0 (default) works it out, 1440 on Ethernet.</summary>
    public int? WireguardMTU { get; set; }

    /// <summary>The MTU for IPv6; 0 (default) works it out, 1420 on Ethernet.</summary>
    public int? WireguardMTUV6 { get; set; }

    /// <summary>Whether traffic between the nodes themselves is encrypted too; default false.</summary>
    public bool? WireguardHostEncryptionEnabled { get; set; }

    /// <summary>The time between packets that keep a path open, 0s (default) for none.</summary>
    public string? WireguardKeepAlive { get; set; }
}
