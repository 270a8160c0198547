using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>
/// The policy as it would be if staged policies were enforced: a staged policy takes the place of its counterpart, or only takes
/// the counterpart away.
/// </summary>
internal static class StagedWorld
{
    /// <summary>The endpoint with all of its staged policies enforced.</summary>
    public static WorkloadEndpointUpdate Enforce(WorkloadEndpointUpdate endpoint) =>
        endpoint.Staged is { } staged ? Enforce(endpoint, staged.Policies) : endpoint;

    /// <summary>The endpoint with some of its staged policies enforced.</summary>
    public static WorkloadEndpointUpdate Enforce(WorkloadEndpointUpdate endpoint, ImmutableArray<PolicyId> policies)
    {
        var tiers = Enforce(endpoint.Staged!.Tiers, policies);
        return endpoint with { IngressTiers = tiers.Ingress, EgressTiers = tiers.Egress };
    }

    /// <summary>The host endpoint with all of its staged policies enforced.</summary>
    public static HostEndpointUpdate Enforce(HostEndpointUpdate endpoint) => endpoint.Staged is not { } staged ? endpoint : endpoint with
    {
        Untracked = Enforce(staged.Untracked, staged.Policies),
        PreDnat = Enforce(staged.PreDnat, staged.Policies),
        Normal = Enforce(staged.Normal, staged.Policies),
        Forward = Enforce(staged.Forward, staged.Policies),
    };

    private static HookTiers Enforce(HookTiers tiers, ImmutableArray<PolicyId> policies) =>
        new(Enforce(tiers.Ingress, policies), Enforce(tiers.Egress, policies));

    private static ImmutableArray<TierBinding> Enforce(ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> policies)
    {
        var enforced = ImmutableArray.CreateBuilder<TierBinding>(tiers.Length);
        foreach (var tier in tiers)
        {
            var left = tier.Policies.RemoveAll(p => p.IsStaged ? !policies.Contains(p) : policies.Contains(p.Staged));
            if (!left.IsEmpty) enforced.Add(tier with { Policies = left });
        }
        return enforced.ToImmutable();
    }
}
