using Margay.Foundation.Primitives;

namespace Margay.Linux.Route;

/// <summary>An address of an interface.</summary>
/// <param name="Interface">The interface's index.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The length of the network that is reachable by it.</param>
public readonly record struct InterfaceAddress(int Interface, IpAddr Address, byte PrefixLength);

/// <summary>What happens to packets of a route (<c>RTN_*</c>).</summary>
public enum RouteType : byte
{
    /// <summary>They go to the gateway or out of the interface.</summary>
    Unicast = 1,

    /// <summary>They are for this host.</summary>
    Local = 2,

    /// <summary>They are dropped in silence.</summary>
    Blackhole = 6,

    /// <summary>They are dropped, with an ICMP error "host unreachable".</summary>
    Unreachable = 7,

    /// <summary>They are dropped, with an ICMP error "administratively prohibited".</summary>
    Prohibit = 8,
}

/// <summary>How far away a route's destination is (<c>RT_SCOPE_*</c>); IPv4 only.</summary>
public enum RouteScope : byte
{
    /// <summary>Anywhere, by a gateway.</summary>
    Universe = 0,

    /// <summary>On the link itself.</summary>
    Link = 253,

    /// <summary>This host.</summary>
    Host = 254,
}

/// <summary>A route of the kernel.</summary>
public sealed record KernelRoute
{
    /// <summary>The main table (<c>RT_TABLE_MAIN</c>).</summary>
    public const uint MainTable = 254;

    /// <summary>The metric that the kernel gives an IPv6 route that asks for none (<c>IP6_RT_PRIO_USER</c>).</summary>
    public const uint DefaultIpv6Metric = 1024;

    /// <summary>The destination.</summary>
    public required IpPrefix Destination { get; init; }

    /// <summary>What happens to packets.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>How far away the destination is; the kernel reports <see cref="RouteScope.Universe"/> for IPv6.</summary>
    public RouteScope Scope { get; init; }

    /// <summary>The index of the interface that packets leave by; 0 when the kernel finds it by the gateway.</summary>
    public int Interface { get; init; }

    /// <summary>The next hop, of the destination's family.</summary>
    public IpAddr? Gateway { get; init; }

    /// <summary>Take the gateway to be on the link although no route says so.</summary>
    public bool OnLink { get; init; }

    /// <summary>The source address that this host prefers for the destination.</summary>
    public IpAddr? Source { get; init; }

    /// <summary>Who made the route (<c>RTPROT_*</c>).</summary>
    public byte Protocol { get; init; }

    /// <summary>The table.</summary>
    public uint Table { get; init; } = MainTable;

    /// <summary>Smaller wins; 0 in an IPv6 route becomes <see cref="DefaultIpv6Metric"/>.</summary>
    public uint Metric { get; init; }
}

/// <summary>A neighbour entry that never ages.</summary>
/// <param name="Interface">The interface's index.</param>
/// <param name="Address">The neighbour.</param>
/// <param name="Mac">Its hardware address.</param>
public readonly record struct PermanentNeighbour(int Interface, IpAddr Address, MacAddress Mac);

/// <summary>A policy routing rule.</summary>
/// <param name="Family">The address family.</param>
/// <param name="Priority">Smaller is looked at first.</param>
/// <param name="Table">The table that it leads to; 0 when it leads to none.</param>
/// <param name="Mark">The packet mark that it wants.</param>
/// <param name="Mask">The bits of the mark that count.</param>
public readonly record struct RoutingRule(IpFamily Family, uint Priority, uint Table, uint Mark, uint Mask);

/// <summary>A pair of virtual Ethernet interfaces to make.</summary>
public sealed record VethPair
{
    /// <summary>The end in the socket's namespace.</summary>
    public required string Name { get; init; }

    /// <summary>The other end's name.</summary>
    public required string PeerName { get; init; }

    /// <summary>The other end's namespace; null: the same.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle? PeerNamespace { get; init; }

    /// <summary>The hardware address; null: the kernel picks one.</summary>
    public MacAddress? Address { get; init; }

    /// <summary>The other end's hardware address; null: the kernel picks one.</summary>
    public MacAddress? PeerAddress { get; init; }

    /// <summary>Bytes of payload in a frame, of both ends; 0: 1500.</summary>
    public int Mtu { get; init; }
}
