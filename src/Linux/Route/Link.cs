namespace Margay.Linux.Route;

/// <summary>A network interface as the kernel reports it.</summary>
public sealed record Link
{
    /// <summary>The kernel's number; unique in its namespace, never 0.</summary>
    public required int Index { get; init; }

    /// <summary>At most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>A text of up to 255 bytes that the kernel keeps for whoever owns the interface; empty when none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The kind of virtual interface, for example <c>veth</c>; empty for others.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Whether it is switched on (IFF_UP); says nothing about its carrier.</summary>
    public bool IsUp { get; init; }

    /// <summary>Bytes of payload in a frame.</summary>
    public int Mtu { get; init; }

    /// <summary>The hardware address; zero for interfaces without a 6-byte one.</summary>
    public MacAddress Address { get; init; }

    /// <summary>The index of the other end of a veth pair, in that end's namespace; 0 when there is none.</summary>
    public int Peer { get; init; }

    /// <summary>The number by which our namespace knows that of the peer; null when both are in one namespace.</summary>
    public int? PeerNamespaceId { get; init; }

    /// <summary>The group that the interface is in; 0 by default.</summary>
    public uint Group { get; init; }
}

/// <summary>What to change of an interface; null leaves a thing alone.</summary>
public sealed record LinkChange
{
    /// <summary>Switch on or off.</summary>
    public bool? Up { get; init; }

    /// <summary>A new name; kernels before 6.2 want the interface off for it.</summary>
    public string? Name { get; init; }

    /// <summary>A new alias; "" removes it.</summary>
    public string? Alias { get; init; }

    /// <summary>Bytes of payload in a frame.</summary>
    public int? Mtu { get; init; }

    /// <summary>The hardware address.</summary>
    public MacAddress? Address { get; init; }

    /// <summary>The group.</summary>
    public uint? Group { get; init; }

    /// <summary>The network namespace to move into.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle? Namespace { get; init; }

    /// <summary><c>net.ipv4.conf.NAME.forwarding</c>.</summary>
    public bool? Ipv4Forwarding { get; init; }

    /// <summary><c>net.ipv4.conf.NAME.rp_filter</c>: 0 no check of the source's route, 1 strict, 2 loose.</summary>
    public int? Ipv4ReversePathFilter { get; init; }

    /// <summary><c>net.ipv4.conf.NAME.route_localnet</c>.</summary>
    public bool? Ipv4RouteLocalnet { get; init; }

    /// <summary>Derive the IPv6 link-local address from the hardware address (EUI-64), whatever the system's default is.</summary>
    public bool Ipv6Eui64 { get; init; }
}
