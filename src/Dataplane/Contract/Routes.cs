using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>What a route leads to.</summary>
public enum RouteKind
{
    /// <summary>A pod of this node: out of its host interface, link scope.</summary>
    LocalWorkload,

    /// <summary>A block, or a borrowed address, of another node: by that node's address.</summary>
    RemoteNode,

    /// <summary>A block of this node: addresses in it without a pod are unreachable instead of leaving by the default route.</summary>
    LocalBlock,
}

/// <summary>A route; replaces what was there for the prefix.</summary>
/// <param name="Prefix">The destination.</param>
/// <param name="Kind">What it leads to.</param>
/// <param name="Interface">The host interface of a <see cref="RouteKind.LocalWorkload"/>; empty otherwise.</param>
/// <param name="Gateway">The node's address of a <see cref="RouteKind.RemoteNode"/>; null otherwise.</param>
public sealed record RouteUpdate(IpPrefix Prefix, RouteKind Kind, string Interface, IpAddr? Gateway) : DataplaneUpdate;

/// <summary>The route is gone.</summary>
public sealed record RouteRemove(IpPrefix Prefix) : DataplaneUpdate;

/// <summary>An address pool, as far as a data plane needs it.</summary>
/// <param name="Cidr">The pool's prefix.</param>
/// <param name="NatOutgoing">Whether traffic from the pool to addresses outside all pools is masqueraded.</param>
public readonly record struct DataplanePool(IpPrefix Cidr, bool NatOutgoing);

/// <summary>All address pools, sorted; replaces what was there.</summary>
public sealed record PoolsUpdate(ImmutableArray<DataplanePool> Pools) : DataplaneUpdate
{
    /// <summary>By content, pools included.</summary>
    public bool Equals(PoolsUpdate? other) => other is not null && Content.Same(Pools, other.Pools);

    /// <inheritdoc/>
    public override int GetHashCode() => Content.Hash(Pools);
}

/// <summary>What happens to traffic from a workload to its own node that the workload's policy allowed.</summary>
public enum EndpointToHostAction
{
    /// <summary>It is dropped.</summary>
    Drop,

    /// <summary>It goes on to the node's other rules.</summary>
    Return,

    /// <summary>It is accepted.</summary>
    Accept,
}

/// <summary>Settings of this node from <c>FelixConfiguration</c>; replaces what was there.</summary>
public sealed record NodeSettings : DataplaneUpdate
{
    /// <summary>Prefixes of workload interface names.</summary>
    public ImmutableArray<string> InterfacePrefixes { get; init; } = ["cali"];

    /// <summary>What happens to allowed traffic from a workload to its own node.</summary>
    public EndpointToHostAction EndpointToHost { get; init; } = EndpointToHostAction.Drop;

    /// <summary>Whether packets that connection tracking calls invalid are dropped.</summary>
    public bool DropInvalid { get; init; } = true;

    /// <summary>The prefix of log lines of <see cref="RuleAction.Log"/> rules.</summary>
    public string LogPrefix { get; init; } = "calico-packet";

    /// <summary>Whether a denied packet is answered with an error instead of silence.</summary>
    public bool RejectInsteadOfDrop { get; init; }

    /// <summary>Whether IPv6 is programmed.</summary>
    public bool Ipv6 { get; init; } = true;

    /// <summary>Ports of this host that stay open at every host endpoint.</summary>
    public ImmutableArray<FailsafePort> FailsafeInbound { get; init; } = FailsafePorts.Inbound;

    /// <summary>Ports elsewhere that this host may always reach through every host endpoint.</summary>
    public ImmutableArray<FailsafePort> FailsafeOutbound { get; init; } = FailsafePorts.Outbound;

    /// <summary>By content, lists included.</summary>
    public bool Equals(NodeSettings? other) =>
        other is not null && Content.Same(InterfacePrefixes, other.InterfacePrefixes) && EndpointToHost == other.EndpointToHost
        && DropInvalid == other.DropInvalid && LogPrefix == other.LogPrefix
        && RejectInsteadOfDrop == other.RejectInsteadOfDrop && Ipv6 == other.Ipv6
        && Content.Same(FailsafeInbound, other.FailsafeInbound) && Content.Same(FailsafeOutbound, other.FailsafeOutbound);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Content.Hash(InterfacePrefixes), EndpointToHost, DropInvalid, LogPrefix, RejectInsteadOfDrop, Ipv6, Content.Hash(FailsafeInbound));
}
