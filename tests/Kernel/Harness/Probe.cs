using Margay.Foundation.Primitives;

namespace Margay.Kernel.Tests.Harness;

/// <summary>What a probe sends.</summary>
internal enum ProbeKind
{
    /// <summary>A connection.</summary>
    Tcp,

    /// <summary>One datagram.</summary>
    Udp,

    /// <summary>One echo request.</summary>
    Icmp,
}

/// <summary>The first packet of a connection, and what should become of it.</summary>
/// <param name="From">A machine of the lab: a pod, "node" or "outside".</param>
/// <param name="To">A machine of the lab.</param>
/// <param name="Kind">What is sent.</param>
/// <param name="Port">The destination port; 0 for ICMP.</param>
/// <param name="Allowed">Whether it should arrive.</param>
/// <param name="Family">The family.</param>
/// <param name="SourcePort">The source port; 0 for any.</param>
internal sealed record Probe(
    string From, string To, ProbeKind Kind, ushort Port, bool Allowed, IpFamily Family = IpFamily.V4, ushort SourcePort = 0)
{
    public override string ToString() =>
        $"{From} -> {To} {Family} {Kind}{(Port == 0 ? "" : $" {Port}")}{(SourcePort == 0 ? "" : $" from port {SourcePort}")}: {(Allowed ? "allowed" : "denied")}";

    public static Probe Tcp(string from, string to, ushort port, bool allowed, IpFamily family = IpFamily.V4, ushort sourcePort = 0) =>
        new(from, to, ProbeKind.Tcp, port, allowed, family, sourcePort);

    public static Probe Udp(string from, string to, ushort port, bool allowed, IpFamily family = IpFamily.V4, ushort sourcePort = 0) =>
        new(from, to, ProbeKind.Udp, port, allowed, family, sourcePort);

    public static Probe Icmp(string from, string to, bool allowed, IpFamily family = IpFamily.V4) =>
        new(from, to, ProbeKind.Icmp, 0, allowed, family);
}
