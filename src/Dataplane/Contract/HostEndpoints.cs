using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>The identity of a host endpoint: its name in the API, unique in the cluster.</summary>
/// <param name="Name">The name.</param>
public readonly record struct HostEndpointId(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The places on a packet's way at which a host endpoint's policy is asked, in their order.</summary>
public enum PolicyHook
{
    /// <summary>Before connection tracking: policies with <c>doNotTrack</c>.</summary>
    Untracked,

    /// <summary>Before the destination is translated: policies with <c>preDNAT</c>.</summary>
    PreDnat,

    /// <summary>Traffic from and to the host itself: all other policies.</summary>
    Normal,

    /// <summary>Traffic that the host forwards: those of the other policies that have <c>applyOnForward</c>.</summary>
    Forward,
}

/// <summary>The tiers of one hook, in both directions.</summary>
/// <param name="Ingress">Tiers with policies for packets that come in by the interface, in order.</param>
/// <param name="Egress">Tiers with policies for packets that leave by the interface, in order.</param>
public sealed record HookTiers(ImmutableArray<TierBinding> Ingress, ImmutableArray<TierBinding> Egress)
{
    /// <summary>No policy at this hook.</summary>
    public static HookTiers None { get; } = new([], []);

    /// <summary>True when no policy is at this hook.</summary>
    public bool IsEmpty => Ingress.IsEmpty && Egress.IsEmpty;

    /// <summary>The tiers of one direction.</summary>
    public ImmutableArray<TierBinding> Of(PolicyDirection direction) => direction == PolicyDirection.Ingress ? Ingress : Egress;

    /// <summary>By content, lists included.</summary>
    public bool Equals(HookTiers? other) =>
        other is not null && Content.Same(Ingress, other.Ingress) && Content.Same(Egress, other.Egress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Content.Hash(Ingress), Content.Hash(Egress));
}

/// <summary>
/// A host endpoint of this node; replaces what was there. Which interface it governs is found by the data plane, which sees
/// the interfaces: the one called <see cref="InterfaceName"/>; with an empty name those that have one of <see cref="Addresses"/>;
/// with <c>*</c> every interface that no other endpoint governs. Of several for one interface the first by name counts,
/// compared by code point. Interfaces of workloads are never governed by name or address.
/// </summary>
public sealed record HostEndpointUpdate : DataplaneUpdate
{
    /// <summary>The interface name that means all of them.</summary>
    public const string AllInterfaces = "*";

    /// <summary>The endpoint.</summary>
    public required HostEndpointId Id { get; init; }

    /// <summary>The node whose interface it is.</summary>
    public required string Node { get; init; }

    /// <summary>An interface's name, <see cref="AllInterfaces"/>, or empty.</summary>
    public required string InterfaceName { get; init; }

    /// <summary>The addresses that the interface is expected to have.</summary>
    public ImmutableArray<IpAddr> Addresses { get; init; } = [];

    /// <summary>
    /// Before connection tracking; the end of a tier never drops. What a rule allows is not tracked and skips every later hook of
    /// the endpoint. Means nothing on an endpoint for all interfaces.
    /// </summary>
    public HookTiers Untracked { get; init; } = HookTiers.None;

    /// <summary>
    /// Ingress only, before the destination is translated; the end of a tier never drops. What a rule allows skips the later
    /// ingress hooks.
    /// </summary>
    public HookTiers PreDnat { get; init; } = HookTiers.None;

    /// <summary>Traffic from and to the host itself; after the tiers the profiles, and then it is dropped.</summary>
    public HookTiers Normal { get; init; } = HookTiers.None;

    /// <summary>Traffic that the host forwards; what no tier decides passes.</summary>
    public HookTiers Forward { get; init; } = HookTiers.None;

    /// <summary>The profiles, in order, for traffic from and to the host itself.</summary>
    public ImmutableArray<PolicyId> Profiles { get; init; } = [];

    /// <summary>What staged policies would change; null when none concerns the endpoint. Not for enforcement.</summary>
    public StagedHooks? Staged { get; init; }

    /// <summary>By content, lists included.</summary>
    public bool Equals(HostEndpointUpdate? other) =>
        other is not null && Id == other.Id && Node == other.Node && InterfaceName == other.InterfaceName
        && Content.Same(Addresses, other.Addresses) && Content.Same(Profiles, other.Profiles)
        && Untracked == other.Untracked && PreDnat == other.PreDnat && Normal == other.Normal && Forward == other.Forward
        && Staged == other.Staged;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Id, Node, InterfaceName, Content.Hash(Addresses), Untracked, Normal, Forward, Content.Hash(Profiles));
}

/// <summary>The endpoint is gone: its interface is policed no longer.</summary>
public sealed record HostEndpointRemove(HostEndpointId Id) : DataplaneUpdate;
