using Margay.Foundation.Primitives;

namespace Margay.Policy.Evaluation;

/// <summary>One end of a connection: a pod, or an address (of a pod, a node, or the world).</summary>
public readonly record struct FlowEnd
{
    private FlowEnd(string? @namespace, string? pod, IpAddr address)
    {
        Namespace = @namespace;
        PodName = pod;
        Address = address;
    }

    /// <summary>The pod's namespace; null for an address.</summary>
    public string? Namespace { get; }

    /// <summary>The pod's name; null for an address.</summary>
    public string? PodName { get; }

    /// <summary>The address; unset for a pod.</summary>
    public IpAddr Address { get; }

    /// <summary>A pod, with whatever address it has.</summary>
    public static FlowEnd Pod(string @namespace, string name) => new(@namespace, name, default);

    /// <summary>An address.</summary>
    public static FlowEnd At(IpAddr address) => new(null, null, address);

    /// <inheritdoc/>
    public override string ToString() => PodName is null ? Address.ToString() : $"{Namespace}/{PodName}";
}

/// <summary>What became of a connection.</summary>
public enum FlowOutcome
{
    /// <summary>Both ends' policies let it pass.</summary>
    Allowed,

    /// <summary>The policy of one end drops it.</summary>
    Denied,

    /// <summary>An end is a pod that does not exist or has no address.</summary>
    UnknownEnd,

    /// <summary>The ends have no address family in common.</summary>
    NoCommonFamily,
}

/// <summary>The answer for a connection: the egress policy of its source, then the ingress policy of its destination.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Packet">The packet that was asked about; unset when it came to none.</param>
/// <param name="Egress">The verdict at the source; null when the source is no pod, or the ends are one pod.</param>
/// <param name="Ingress">The verdict at the destination; null when it is no pod, the ends are one pod, or egress denied.</param>
public sealed record FlowVerdict(FlowOutcome Outcome, Packet Packet, Verdict? Egress, Verdict? Ingress)
{
    /// <summary>True when the connection passes.</summary>
    public bool Allowed => Outcome == FlowOutcome.Allowed;

    /// <summary>The verdict that decided: the one that denied, else the last one asked; null when none was.</summary>
    public Verdict? Decisive => Egress is { Allowed: false } ? Egress : Ingress ?? Egress;
}
