using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// Reads <c>policy.networking.k8s.io</c> ClusterNetworkPolicy as a policy of tier kube-admin or kube-baseline whose order is the
/// priority. A rule that cannot be understood is closed as that API asks: Accept matches nothing, Deny and Pass deny everything.
/// </summary>
internal static class ClusterPolicyConversion
{
    /// <summary>Converts a policy. One of which the tier or the subject cannot be read denies, the latter to all pods.</summary>
    internal static PolicyDefinition Convert(PolicyId id, ClusterNetworkPolicySpec spec)
    {
        bool ingress = spec.Ingress is { Count: > 0 }, egress = spec.Egress is { Count: > 0 };
        string? problem = ReadSubject(spec.Subject, out var selector);
        string tier = spec.Tier == ClusterNetworkPolicyTier.Baseline ? Tier.KubeBaselineName : Tier.KubeAdminName;
        if (spec.Tier is not (ClusterNetworkPolicyTier.Admin or ClusterNetworkPolicyTier.Baseline)) problem ??= $"tier: '{spec.Tier}' is unknown";
        return new PolicyDefinition(id, tier, spec.Priority ?? double.PositiveInfinity, selector, ingress, egress, Body);

        PolicyBody Body()
        {
            var compiler = new RuleCompiler(tier, id);
            if (problem is not null)
            {
                return new PolicyBody(
                    ingress ? [compiler.DenyAll(PolicyDirection.Ingress)] : [], egress ? [compiler.DenyAll(PolicyDirection.Egress)] : [], [], [problem]);
            }
            List<PolicyRule> inbound = [], outbound = [];
            for (int i = 0; i < spec.Ingress?.Count; i++) Expand(PolicyDirection.Ingress, i, spec.Ingress[i], spec.Ingress[i].From, inbound);
            for (int i = 0; i < spec.Egress?.Count; i++) Expand(PolicyDirection.Egress, i, spec.Egress[i], spec.Egress[i].To, outbound);
            return new PolicyBody([.. inbound], [.. outbound], [.. compiler.Sets], [.. compiler.Problems]);

            void Expand(PolicyDirection direction, int index, ClusterNetworkPolicyRule rule, IReadOnlyList<ClusterNetworkPolicyIngressPeer>? peers, List<PolicyRule> into)
            {
                if (ActionOf(rule.Action) is not { } action) into.Add(compiler.Refuse(direction, index, RuleAction.Deny, $"action: '{rule.Action}' is unknown"));
                else if (ClusterRuleConversion.Expand(direction, action, peers, rule.Protocols, out var rules) is { } wrong) into.Add(compiler.Refuse(direction, index, action, wrong));
                else into.AddRange(rules.Select(r => compiler.Compile(direction, index, r.Rule, r.Nodes)));
            }
        }
    }

    private static RuleAction? ActionOf(string? action) => action switch
    {
        ClusterNetworkPolicyAction.Accept => RuleAction.Allow,
        ClusterNetworkPolicyAction.Deny => RuleAction.Deny,
        ClusterNetworkPolicyAction.Pass => RuleAction.Pass,
        _ => null,
    };

    private static string? ReadSubject(ClusterNetworkPolicySubject? subject, out Selector selector)
    {
        selector = KubernetesPolicyConversion.Pods;
        if (subject is null || subject.Namespaces is null == subject.Pods is null) return "subject: one of namespaces and pods is needed";
        if (ClusterRuleConversion.ReadPods(subject.Namespaces, subject.Pods, out var pods, out var namespaces) is { } problem) return $"subject.{problem}";
        selector = Selector.And(pods, ScopedSelectors.InNamespaces(namespaces));
        return null;
    }
}
