using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>An endpoint with its rules filed, once it has been asked about.</summary>
internal sealed class HotEndpoint(WorkloadEndpointUpdate endpoint)
{
    private Way? _ingress;
    private Way? _egress;

    private sealed record Way(TierBinding[] Tiers, HotRules[] Rules, HotRules Profiles);

    /// <summary>The endpoint.</summary>
    public WorkloadEndpointUpdate Endpoint { get; } = endpoint;

    /// <summary>A policy has changed.</summary>
    public void Forget() => (_ingress, _egress) = (null, null);

    /// <summary>The tiers of a direction, their rules, and those of the profiles.</summary>
    public (TierBinding[] Tiers, HotRules[] Rules, HotRules Profiles) Of(PolicyDirection direction, FlowDecider decider)
    {
        ref var way = ref direction == PolicyDirection.Ingress ? ref _ingress : ref _egress;
        way ??= File(direction, decider);
        return (way.Tiers, way.Rules, way.Profiles);
    }

    private Way File(PolicyDirection direction, FlowDecider decider)
    {
        TierBinding[] tiers = [.. direction == PolicyDirection.Ingress ? Endpoint.IngressTiers : Endpoint.EgressTiers];
        return new Way(tiers, [.. tiers.Select(t => decider.RulesOf(t, direction))], decider.RulesOf(Endpoint.Profiles, direction));
    }
}
