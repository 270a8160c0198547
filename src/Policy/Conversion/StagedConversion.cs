using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// Reads staged policies: what the enforced policy of the same name would become. An action that nobody knows counts as
/// <c>Set</c>: nothing of it is enforced either way.
/// </summary>
internal static class StagedConversion
{
    /// <summary>Converts a policy; null when it is no staged one, or one that was turned down.</summary>
    internal static PolicyDefinition? Convert(PolicyId id, object spec, bool extensions) => spec switch
    {
        StagedNetworkPolicySpec policy => Staged(id, policy.StagedAction, () => PolicyConversion.Convert(id, policy, extensions)),
        StagedGlobalNetworkPolicySpec policy => Staged(id, policy.StagedAction, () => PolicyConversion.Convert(id, policy, extensions)),
        StagedKubernetesNetworkPolicySpec policy => Staged(id, policy.StagedAction, () => KubernetesPolicyConversion.Convert(id, policy)),
        _ => null,
    };

    private static PolicyDefinition? Staged(PolicyId id, string? action, Func<PolicyDefinition> set) => action switch
    {
        StagedAction.Ignore => null,
        StagedAction.Delete => Away(id),
        _ => set(),
    };

    /// <summary>A policy that only takes its counterpart away.</summary>
    internal static PolicyDefinition Away(PolicyId id) =>
        new(id, Tier.DefaultName, double.PositiveInfinity, Nobody, false, false, static () => new PolicyBody([], [], [], []));

    private static Selector Nobody { get; } = Selector.Not(Selector.All);
}
