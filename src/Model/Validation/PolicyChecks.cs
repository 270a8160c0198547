using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of policies, profiles and tiers.</summary>
internal static class PolicyChecks
{
    private const int MaxRules = 1024;

    public static void Check(Findings findings, ObjectMeta metadata, NetworkPolicySpec spec) =>
        CheckSpec(findings, metadata, spec, isGlobal: false);

    public static void Check(Findings findings, ObjectMeta metadata, GlobalNetworkPolicySpec spec)
    {
        var path = FieldPath.Spec;
        CheckSpec(findings, metadata, spec, isGlobal: true);
        SelectorCheck.Plain(findings, path.Child("namespaceSelector"), spec.NamespaceSelector);
        bool preDnat = spec.PreDNAT == true;
        bool untracked = spec.DoNotTrack == true;
        if (preDnat && untracked)
            findings.Forbidden(path.Child("doNotTrack"), "preDNAT and doNotTrack cannot both be true");
        if ((preDnat || untracked) && spec.ApplyOnForward != true)
            findings.Invalid(path.Child("applyOnForward"), false, "applyOnForward must be true if either preDNAT or doNotTrack is true");
        if (preDnat && spec.Egress is { Count: > 0 })
            findings.Forbidden(path.Child("egress"), "preDNAT policy cannot have any egress rules");
        if (preDnat && spec.Types?.Contains(PolicyType.Egress) == true)
            findings.Forbidden(path.Child("types"), "preDNAT policy cannot have 'Egress' type");
    }

    public static void Check(Findings findings, Profile profile)
    {
        bool extensions = Extensions.AreAllowed(profile.Metadata);
        CheckRules(findings, FieldPath.Spec.Child("ingress"), profile.Spec.Ingress, PolicyType.Ingress, extensions);
        CheckRules(findings, FieldPath.Spec.Child("egress"), profile.Spec.Egress, PolicyType.Egress, extensions);
        MetadataCheck.Labels(findings, FieldPath.Spec.Child("labelsToApply"), profile.Spec.LabelsToApply);
    }

    public static void Check(Findings findings, Tier tier)
    {
        var path = FieldPath.Spec;
        CheckDefaultAction(findings, path.Child("defaultAction"), tier);
        (double Order, string Action)? builtIn = tier.Metadata.Name switch
        {
            Tier.KubeAdminName => (1_000, PolicyAction.Pass),
            Tier.DefaultName => (1_000_000, PolicyAction.Deny),
            Tier.KubeBaselineName => (10_000_000, PolicyAction.Pass),
            _ => null,
        };
        if (builtIn is not var (order, action))
            return;
        if (tier.Spec.DefaultAction != action)
        {
            findings.Invalid(
                path.Child("defaultAction"), tier.Spec.DefaultAction ?? "", $"The '{tier.Metadata.Name}' tier must have default action '{action}'");
        }

        if (tier.Spec.Order is not { } given)
            findings.Required(path.Child("order"), $"{tier.Metadata.Name} tier order must be {order}");
        else if (given != order)
            findings.Invalid(path.Child("order"), given, $"{tier.Metadata.Name} tier order must be {order}");
    }

    private static void CheckDefaultAction(Findings findings, FieldPath path, Tier tier)
    {
        ExtensionCheck.Action(findings, path, tier.Spec.DefaultAction, Extensions.AreAllowed(tier.Metadata));
        if (tier.Spec.DefaultAction != PolicyAction.Reject)
            findings.OneOf(path, tier.Spec.DefaultAction, PolicyAction.Deny, PolicyAction.Pass);
    }

    private static void CheckSpec(Findings findings, ObjectMeta metadata, PolicySpec spec, bool isGlobal)
    {
        var path = FieldPath.Spec;
        bool extensions = Extensions.AreAllowed(metadata);
        if (!string.IsNullOrEmpty(spec.Tier) && Names.DnsLabel(spec.Tier) is { } wrong)
            findings.Invalid(path.Child("tier"), spec.Tier, wrong);
        if (spec.Order is { } order && !double.IsFinite(order))
            findings.Invalid(path.Child("order"), order, "must be a number");
        CheckRules(findings, path.Child("ingress"), spec.Ingress, PolicyType.Ingress, extensions);
        CheckRules(findings, path.Child("egress"), spec.Egress, PolicyType.Egress, extensions);
        SelectorCheck.Plain(findings, path.Child("selector"), spec.Selector);
        SelectorCheck.Plain(findings, path.Child("serviceAccountSelector"), spec.ServiceAccountSelector);
        findings.Each(path.Child("types"), spec.Types, (at, type) => findings.OneOf(at, type, PolicyType.Ingress, PolicyType.Egress));
        findings.Unique(path.Child("types"), spec.Types);
        findings.Each(path.Child("performanceHints"), spec.PerformanceHints, (at, hint) => findings.OneOf(at, hint, "AssumeNeededOnEveryNode"));
        findings.Unique(path.Child("performanceHints"), spec.PerformanceHints);
        ExtensionCheck.Times(findings, metadata, spec);
        if (!isGlobal)
            return;

        // A global policy has no namespace that a service without one could be in.
        findings.Each(path.Child("ingress"), spec.Ingress, (at, rule) => RequireNamespace(findings, at.Child("source"), rule.Source));
        findings.Each(path.Child("egress"), spec.Egress, (at, rule) => RequireNamespace(findings, at.Child("destination"), rule.Destination));
    }

    private static void RequireNamespace(Findings findings, FieldPath path, EntityRule? entity)
    {
        if (entity?.Services is { } services && string.IsNullOrEmpty(services.Namespace))
            findings.Required(path.Child("services").Child("namespace"), "must specify a namespace");
    }

    private static void CheckRules(Findings findings, FieldPath path, List<Rule>? rules, string direction, bool extensions)
    {
        findings.MaxItems(path, rules, MaxRules);
        findings.Each(path, rules, (at, rule) => new RuleCheck(findings, at, rule, direction, extensions).Check());
    }
}
