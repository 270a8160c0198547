using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// Reads <c>networking.k8s.io/v1</c> NetworkPolicy as a policy of tier default at order 1000 whose rules allow. A rule that
/// cannot be understood is left out; the policy isolates all the same.
/// </summary>
internal static class KubernetesPolicyConversion
{
    private const double Order = 1000;

    /// <summary>Converts a policy.</summary>
    internal static PolicyDefinition Convert(PolicyId id, KubeNetworkPolicySpec spec)
    {
        var scope = KnownLabels.InNamespace(id.Namespace);
        bool readable = KubernetesSelector.TryConvert(spec.PodSelector, out var pods, out string? problem);
        // Kubernetes differs from v3 for a policy without types: it always isolates ingress.
        var (ingress, egress) = spec.PolicyTypes is { Count: > 0 }
            ? PolicyTypes.Of(spec.PolicyTypes, 0, 0)
            : (true, spec.Egress is { Count: > 0 });
        var selector = readable ? Selector.And(Selector.And(Pods, pods!), scope) : scope;
        return new PolicyDefinition(id, Tier.DefaultName, Order, selector, ingress, egress, Body);

        PolicyBody Body()
        {
            if (!readable) return new PolicyBody([], [], [], [$"podSelector: {problem}"]);
            var compiler = new RuleCompiler(Tier.DefaultName, id);
            var problems = new List<string>();
            List<PolicyRule> inbound = [], outbound = [];
            for (int i = 0; ingress && i < (spec.Ingress?.Count ?? 0); i++)
                Expand(PolicyDirection.Ingress, i, spec.Ingress![i].From, spec.Ingress[i].Ports, inbound);
            for (int i = 0; egress && i < (spec.Egress?.Count ?? 0); i++)
                Expand(PolicyDirection.Egress, i, spec.Egress![i].To, spec.Egress[i].Ports, outbound);
            return new PolicyBody([.. inbound], [.. outbound], [.. compiler.Sets], [.. problems, .. compiler.Problems]);

            void Expand(PolicyDirection direction, int index, List<KubePolicyPeer>? peers, List<KubePolicyPort>? ports, List<PolicyRule> into)
            {
                if (KubernetesRuleConversion.Expand(direction, peers, ports, out var rules) is { } wrong)
                    problems.Add($"{direction} rule {index}: {wrong}");
                else
                    into.AddRange(rules.Select(r => compiler.Compile(direction, index, r)));
            }
        }
    }

    /// <summary>What Kubernetes calls a pod, among everything that has labels.</summary>
    internal static Selector Pods { get; } = Selector.LabelIs(KnownLabels.Orchestrator, KnownLabels.Kubernetes);
}
