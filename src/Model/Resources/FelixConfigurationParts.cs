namespace Margay.Model.Resources;

/// <summary>Another time limit for one part of the node service.</summary>
public sealed class HealthTimeoutOverride
{
    /// <summary>The part, as the log names it.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The limit as a duration, for example <c>90s</c>.</summary>
    public string Timeout { get; set => field = value ?? ""; } = "";
}

/// <summary>A range of route tables, both ends included.</summary>
public sealed class RouteTableRange
{
    /// <summary>The first index.</summary>
    public int Min { get; set; }

    /// <summary>The last index.</summary>
    public int Max { get; set; }
}

/// <summary>A protocol, a port and optionally the addresses it is open to.</summary>
public sealed class ProtoPort
{
    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>, in any case.</summary>
    public string? Protocol { get; set; }

    /// <summary>The port, 0 to 65535.</summary>
    public int Port { get; set; }

    /// <summary>The addresses in CIDR notation; absent for all.</summary>
    public string? Net { get; set; }
}

/// <summary>When idle connections expire in the eBPF data plane: durations, or <c>Auto</c> for the kernel's own setting.</summary>
public sealed class BpfConntrackTimeouts
{
    /// <summary>New connections are left alone this long; default 10s.</summary>
    public string? CreationGracePeriod { get; set; }

    /// <summary>TCP that was opened and not answered; default 20s.</summary>
    public string? TcpSynSent { get; set; }

    /// <summary>TCP that is established; default 1h.</summary>
    public string? TcpEstablished { get; set; }

    /// <summary>TCP that both sides closed; default <c>Auto</c>.</summary>
    public string? TcpFinsSeen { get; set; }

    /// <summary>TCP that was reset; default 40s.</summary>
    public string? TcpResetSeen { get; set; }

    /// <summary>UDP; default 60s.</summary>
    public string? UdpTimeout { get; set; }

    /// <summary>Other protocols; default 10m.</summary>
    public string? GenericTimeout { get; set; }

    /// <summary>ICMP; default 5s.</summary>
    public string? IcmpTimeout { get; set; }
}
