using System.Diagnostics;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>Reads what a policy demands, whatever its kind.</summary>
internal static class PolicyReading
{
    /// <summary>What a policy of any kind demands; null for what is no policy.</summary>
    internal static object? SpecOf(Resource? resource) => resource switch
    {
        NetworkPolicy policy => policy.Spec,
        GlobalNetworkPolicy policy => policy.Spec,
        KubeNetworkPolicy policy => policy.Spec,
        ClusterNetworkPolicy policy => policy.Spec,
        StagedNetworkPolicy policy => policy.Spec,
        StagedGlobalNetworkPolicy policy => policy.Spec,
        StagedKubernetesNetworkPolicy policy => policy.Spec,
        _ => null,
    };

    /// <summary>
    /// Reads a policy. The same gives the same, so that the table of policies keeps <paramref name="spec"/> and reads it again when it
    /// is needed.
    /// </summary>
    /// <param name="id">The policy.</param>
    /// <param name="spec">What <see cref="SpecOf"/> gave; or a definition.</param>
    /// <param name="extensions">Whether the object may use what only we know.</param>
    /// <returns>Null for a staged policy that was turned down.</returns>
    internal static PolicyDefinition? Read(PolicyId id, object spec, bool extensions) => spec switch
    {
        PolicyDefinition definition => definition,
        StagedNetworkPolicySpec or StagedGlobalNetworkPolicySpec or StagedKubernetesNetworkPolicySpec => StagedConversion.Convert(id, spec, extensions),
        NetworkPolicySpec policy => PolicyConversion.Convert(id, policy, extensions),
        GlobalNetworkPolicySpec policy => PolicyConversion.Convert(id, policy, extensions),
        KubeNetworkPolicySpec policy => KubernetesPolicyConversion.Convert(id, policy),
        ClusterNetworkPolicySpec policy => ClusterPolicyConversion.Convert(id, policy),
        _ => throw new UnreachableException($"No conversion for {spec.GetType().Name}."),
    };
}
