using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>The identity of a workload's endpoint.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Interface">The interface's name inside the pod, usually <c>eth0</c>.</param>
public readonly record struct EndpointId(string Namespace, string Name, string Interface)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}/{Interface}";
}

/// <summary>What happens at the end of a tier in which a policy selected the endpoint and no rule decided.</summary>
public enum TierDefaultAction
{
    /// <summary>The packet is dropped.</summary>
    Deny,

    /// <summary>The next tier is looked at; after the last one the profiles.</summary>
    Pass,
}

/// <summary>A tier as one endpoint sees it in one direction; tiers that have no policy for the endpoint are left out.</summary>
/// <param name="Name">The tier.</param>
/// <param name="DefaultAction">What its end does.</param>
/// <param name="Policies">The policies that apply to the endpoint in this direction, in order; never empty.</param>
public sealed record TierBinding(string Name, TierDefaultAction DefaultAction, ImmutableArray<PolicyId> Policies)
{
    /// <summary>Whether the end of a tier that denies answers with an error instead of silence.</summary>
    public bool Reject { get; init; }

    /// <summary>By content, lists included.</summary>
    public bool Equals(TierBinding? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Name == other.Name && DefaultAction == other.DefaultAction && Reject == other.Reject && Policies.AsSpan().SequenceEqual(other.Policies.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name);
        hash.Add(DefaultAction);
        hash.Add(Reject);
        foreach (var policy in Policies) hash.Add(policy);
        return hash.ToHashCode();
    }
}

/// <summary>A workload endpoint of this node; replaces what was there.</summary>
public sealed record WorkloadEndpointUpdate : DataplaneUpdate
{
    /// <summary>The endpoint.</summary>
    public required EndpointId Id { get; init; }

    /// <summary>The host's side of the veth pair, at most 15 bytes.</summary>
    public required string HostInterface { get; init; }

    /// <summary>The endpoint's own addresses, at most a few of each family.</summary>
    public required ImmutableArray<IpAddr> Addresses { get; init; }

    /// <summary>Further prefixes from which the workload may send.</summary>
    public ImmutableArray<IpPrefix> AllowedSources { get; init; } = [];

    /// <summary>Tiers with policies for packets towards the endpoint, in order.</summary>
    public ImmutableArray<TierBinding> IngressTiers { get; init; } = [];

    /// <summary>Tiers with policies for packets from the endpoint, in order.</summary>
    public ImmutableArray<TierBinding> EgressTiers { get; init; } = [];

    /// <summary>The profiles, in order, looked at when no tier decided. No profile that allows: the packet is dropped.</summary>
    public ImmutableArray<PolicyId> Profiles { get; init; } = [];

    /// <summary>What staged policies would change; null when none concerns the endpoint. Not for enforcement.</summary>
    public StagedTiers? Staged { get; init; }

    /// <summary>By content, lists included.</summary>
    public bool Equals(WorkloadEndpointUpdate? other) =>
        other is not null && Id == other.Id && HostInterface == other.HostInterface
        && Content.Same(Addresses, other.Addresses) && Content.Same(AllowedSources, other.AllowedSources)
        && Content.Same(IngressTiers, other.IngressTiers) && Content.Same(EgressTiers, other.EgressTiers)
        && Content.Same(Profiles, other.Profiles) && Staged == other.Staged;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Id, HostInterface, Content.Hash(Addresses), Content.Hash(IngressTiers), Content.Hash(EgressTiers), Content.Hash(Profiles));
}

/// <summary>The endpoint is gone: traffic to and from its interface is dropped.</summary>
public sealed record WorkloadEndpointRemove(EndpointId Id) : DataplaneUpdate;
