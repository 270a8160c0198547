using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of staged policies: those of the policies they stand for, and nothing but a tier where they only delete.</summary>
internal static class StagedChecks
{
    private const string NothingElse = "must not be set when stagedAction is Delete";

    public static void Check(Findings findings, StagedNetworkPolicy policy)
    {
        CheckAction(findings, policy.Spec.StagedAction);
        if (policy.Spec.StagedAction == StagedAction.Delete)
            CheckEmpty(findings, policy.Spec);
        else
            PolicyChecks.Check(findings, policy.Metadata, policy.Spec);
    }

    public static void Check(Findings findings, StagedGlobalNetworkPolicy policy)
    {
        var (spec, path) = (policy.Spec, FieldPath.Spec);
        CheckAction(findings, spec.StagedAction);
        if (spec.StagedAction != StagedAction.Delete)
        {
            PolicyChecks.Check(findings, policy.Metadata, spec);
            return;
        }

        CheckEmpty(findings, spec);
        Empty(findings, path.Child("doNotTrack"), spec.DoNotTrack != true);
        Empty(findings, path.Child("preDNAT"), spec.PreDNAT != true);
        Empty(findings, path.Child("applyOnForward"), spec.ApplyOnForward != true);
        Empty(findings, path.Child("namespaceSelector"), string.IsNullOrEmpty(spec.NamespaceSelector));
    }

    public static void Check(Findings findings, StagedKubernetesNetworkPolicy policy)
    {
        var (spec, path) = (policy.Spec, FieldPath.Spec);
        CheckAction(findings, spec.StagedAction);
        if (spec.StagedAction != StagedAction.Delete)
        {
            KubeNetworkPolicyCheck.Check(findings, spec);
            return;
        }

        Empty(findings, path.Child("podSelector"), spec.PodSelector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } });
        Empty(findings, path.Child("ingress"), spec.Ingress is not { Count: > 0 });
        Empty(findings, path.Child("egress"), spec.Egress is not { Count: > 0 });
        Empty(findings, path.Child("policyTypes"), spec.PolicyTypes is not { Count: > 0 });
    }

    private static void CheckAction(Findings findings, string? action) =>
        findings.OneOf(
            FieldPath.Spec.Child("stagedAction"), action, StagedAction.Set, StagedAction.Delete, StagedAction.Learn, StagedAction.Ignore);

    private static void CheckEmpty(Findings findings, PolicySpec spec)
    {
        var path = FieldPath.Spec;
        Empty(findings, path.Child("order"), spec.Order is null);
        Empty(findings, path.Child("ingress"), spec.Ingress is not { Count: > 0 });
        Empty(findings, path.Child("egress"), spec.Egress is not { Count: > 0 });
        Empty(findings, path.Child("selector"), string.IsNullOrEmpty(spec.Selector));
        Empty(findings, path.Child("types"), spec.Types is not { Count: > 0 });
        Empty(findings, path.Child("serviceAccountSelector"), string.IsNullOrEmpty(spec.ServiceAccountSelector));
        Empty(findings, path.Child("performanceHints"), spec.PerformanceHints is not { Count: > 0 });
        Empty(findings, path.Child("validFrom"), spec.ValidFrom is null);
        Empty(findings, path.Child("validUntil"), spec.ValidUntil is null);
    }

    private static void Empty(Findings findings, FieldPath path, bool isEmpty)
    {
        if (!isEmpty)
            findings.Forbidden(path, NothingElse);
    }
}
