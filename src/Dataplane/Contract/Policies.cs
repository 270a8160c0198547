using System.Collections.Immutable;

namespace Margay.Dataplane.Contract;

/// <summary>A policy that at least one endpoint of this node uses; replaces what was there.</summary>
/// <param name="Id">The policy.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Ingress">Rules in order; empty when the policy has none or does not apply to ingress.</param>
/// <param name="Egress">Rules in order.</param>
public sealed record PolicyUpdate(PolicyId Id, string Tier, ImmutableArray<PolicyRule> Ingress, ImmutableArray<PolicyRule> Egress)
    : DataplaneUpdate
{
    /// <summary>By content, rules included.</summary>
    public bool Equals(PolicyUpdate? other) =>
        other is not null && Id == other.Id && Tier == other.Tier
        && Content.Same(Ingress, other.Ingress) && Content.Same(Egress, other.Egress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Tier, Content.Hash(Ingress), Content.Hash(Egress));
}

/// <summary>No endpoint of this node uses the policy any more.</summary>
public sealed record PolicyRemove(PolicyId Id) : DataplaneUpdate;

/// <summary>The rules of a profile that an endpoint of this node lists. The id's kind is <see cref="PolicyKind.Profile"/>.</summary>
public sealed record ProfileUpdate(PolicyId Id, ImmutableArray<PolicyRule> Ingress, ImmutableArray<PolicyRule> Egress) : DataplaneUpdate
{
    /// <summary>By content, rules included.</summary>
    public bool Equals(ProfileUpdate? other) =>
        other is not null && Id == other.Id && Content.Same(Ingress, other.Ingress) && Content.Same(Egress, other.Egress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Content.Hash(Ingress), Content.Hash(Egress));
}

/// <summary>No endpoint of this node lists the profile any more.</summary>
public sealed record ProfileRemove(PolicyId Id) : DataplaneUpdate;
