using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Reachability.Hosts;

/// <summary>What a host's program is made of. Hosts with equal parts have one program: thousands of automatic host endpoints do.</summary>
/// <param name="Direction">The direction, as the host sees it.</param>
/// <param name="IsOwnPods">Whether the other end is a pod of the host.</param>
/// <param name="Untracked">The tiers of the untracked hook; empty when it is not there.</param>
/// <param name="PreDnat">The tiers of the pre-DNAT hook; empty when it is not there.</param>
/// <param name="Normal">The tiers of the normal hook; null when no endpoint governs the address.</param>
/// <param name="Profiles">The profiles behind them.</param>
internal readonly record struct HostProgramParts(
    PolicyDirection Direction, bool IsOwnPods, ImmutableArray<TierBinding> Untracked, ImmutableArray<TierBinding> PreDnat,
    ImmutableArray<TierBinding>? Normal, ImmutableArray<PolicyId> Profiles)
{
    /// <summary>The parts as numbers that are equal when the parts are.</summary>
    internal HostProgramKey Key(ListNumbers<TierBinding> tiers, ListNumbers<PolicyId> profiles) => new(
        Direction, IsOwnPods, tiers.Of(Untracked), tiers.Of(PreDnat), Normal is { } normal ? tiers.Of(normal) : -1, profiles.Of(Profiles));
}

/// <summary>See <see cref="HostProgramParts.Key"/>.</summary>
internal readonly record struct HostProgramKey(PolicyDirection Direction, bool IsOwnPods, int Untracked, int PreDnat, int Normal, int Profiles);
