using System.Collections.Immutable;

namespace Margay.Dataplane.Contract;

/// <summary>
/// A staged policy that concerns an endpoint of this node; replaces what was there. A record of its own, so that no data plane
/// enforces it by mistake: who only enforces passes it over.
/// </summary>
/// <param name="Id">The policy; of a staged kind.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Ingress">Rules in order.</param>
/// <param name="Egress">Rules in order.</param>
public sealed record StagedPolicyUpdate(PolicyId Id, string Tier, ImmutableArray<PolicyRule> Ingress, ImmutableArray<PolicyRule> Egress)
    : DataplaneUpdate
{
    /// <summary>By content, rules included.</summary>
    public bool Equals(StagedPolicyUpdate? other) =>
        other is not null && Id == other.Id && Tier == other.Tier
        && Content.Same(Ingress, other.Ingress) && Content.Same(Egress, other.Egress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Tier, Content.Hash(Ingress), Content.Hash(Egress));
}

/// <summary>The staged policy concerns no endpoint of this node any more.</summary>
public sealed record StagedPolicyRemove(PolicyId Id) : DataplaneUpdate;

/// <summary>What staged policies would change for a workload endpoint.</summary>
/// <param name="Policies">
/// The staged policies that concern it, sorted: those that select it, and those whose counterpart does and would be deleted, or
/// replaced by one that does not.
/// </param>
/// <param name="Tiers">
/// The tiers with the enforced policies and the staged ones that select it, all in order. Enforcing a staged policy means leaving its
/// <see cref="PolicyId.Counterpart"/> out of these.
/// </param>
public sealed record StagedTiers(ImmutableArray<PolicyId> Policies, HookTiers Tiers)
{
    /// <summary>By content, lists included.</summary>
    public bool Equals(StagedTiers? other) => other is not null && Content.Same(Policies, other.Policies) && Tiers == other.Tiers;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Content.Hash(Policies), Tiers);
}

/// <summary>What staged policies would change for a host endpoint; as <see cref="StagedTiers"/>, for each hook.</summary>
/// <param name="Policies">The staged policies that concern it, sorted.</param>
/// <param name="Untracked">Before connection tracking.</param>
/// <param name="PreDnat">Before the destination is translated.</param>
/// <param name="Normal">Traffic from and to the host itself.</param>
/// <param name="Forward">Traffic that the host forwards.</param>
public sealed record StagedHooks(ImmutableArray<PolicyId> Policies, HookTiers Untracked, HookTiers PreDnat, HookTiers Normal, HookTiers Forward)
{
    /// <summary>By content, lists included.</summary>
    public bool Equals(StagedHooks? other) =>
        other is not null && Content.Same(Policies, other.Policies)
        && Untracked == other.Untracked && PreDnat == other.PreDnat && Normal == other.Normal && Forward == other.Forward;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Content.Hash(Policies), Untracked, PreDnat, Normal, Forward);
}
