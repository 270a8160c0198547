using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>A port of hosts that stays open whatever policy says, so that a wrong policy does not lock everybody out.</summary>
/// <param name="Protocol">The IP protocol number.</param>
/// <param name="Port">The destination port.</param>
/// <param name="Net">The other side's prefix; null for everybody.</param>
public readonly record struct FailsafePort(byte Protocol, ushort Port, IpPrefix? Net = null)
{
    /// <inheritdoc/>
    public override string ToString() => Net is { } net ? $"{Protocol}:{net}:{Port}" : $"{Protocol}:{Port}";
}

/// <summary>Upstream's defaults of <c>failsafeInboundHostPorts</c> and <c>failsafeOutboundHostPorts</c>.</summary>
public static class FailsafePorts
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>Towards the host: SSH, DHCP, BGP, etcd, Typha, the Kubernetes API, self-hosted etcd.</summary>
    public static ImmutableArray<FailsafePort> Inbound { get; } =
        [new(Tcp, 22), new(Udp, 68), new(Tcp, 179), new(Tcp, 2379), new(Tcp, 2380), new(Tcp, 5473), new(Tcp, 6443), new(Tcp, 6666), new(Tcp, 6667)];

    /// <summary>From the host: DNS, DHCP, BGP, etcd, Typha, the Kubernetes API, self-hosted etcd.</summary>
    public static ImmutableArray<FailsafePort> Outbound { get; } =
        [new(Udp, 53), new(Udp, 67), new(Tcp, 179), new(Tcp, 2379), new(Tcp, 2380), new(Tcp, 5473), new(Tcp, 6443), new(Tcp, 6666), new(Tcp, 6667)];
}
