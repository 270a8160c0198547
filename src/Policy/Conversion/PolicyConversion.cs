using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>Reads <c>projectcalico.org/v3</c> policies and profiles.</summary>
internal static class PolicyConversion
{
    /// <summary>A namespaced policy: applies to endpoints of its own namespace.</summary>
    internal static PolicyDefinition Convert(PolicyId id, NetworkPolicySpec spec, bool extensions = false)
    {
        var scope = KnownLabels.InNamespace(id.Namespace);
        string? problem = ScopedSelectors.TryParse("selector", spec.Selector, out var selector)
            ?? ReadAccounts(spec, out selector, selector);
        return Define(id, spec, problem, scope, selector is null ? scope : Selector.And(selector, scope), extensions);
    }

    /// <summary>A cluster-wide policy. Untracked and pre-DNAT policies are for the interfaces of hosts only.</summary>
    internal static PolicyDefinition Convert(PolicyId id, GlobalNetworkPolicySpec spec, bool extensions = false)
    {
        string? problem = ScopedSelectors.TryParse("selector", spec.Selector, out var selector)
            ?? ReadAccounts(spec, out selector, selector)
            ?? ScopedSelectors.TryParse("namespaceSelector", spec.NamespaceSelector, out var namespaces)
            ?? Narrow(namespaces, selector, out selector)
            ?? (spec is { DoNotTrack: true, PreDNAT: true } ? "doNotTrack: not together with preDNAT" : null);
        var scope = spec.DoNotTrack == true || spec.PreDNAT == true ? KnownLabels.NotWorkload : Selector.All;
        selector = selector is null ? scope : ReferenceEquals(scope, Selector.All) ? selector : Selector.And(selector, scope);
        var usual = Define(id, spec, problem, scope, selector, extensions);
        if (spec is { DoNotTrack: not true, PreDNAT: not true, ApplyOnForward: not true }) return usual;
        var definition = usual with
        {
            Hook = spec.DoNotTrack == true ? PolicyHook.Untracked : spec.PreDNAT == true ? PolicyHook.PreDnat : PolicyHook.Normal,
            ApplyOnForward = spec.ApplyOnForward == true,
        };
        // What leaves is never translated before: there is nothing that egress rules could be asked about.
        return definition.Hook == PolicyHook.PreDnat ? definition with { HasEgress = false } : definition;
    }

    /// <summary>The rules of a profile.</summary>
    internal static PolicyBody Convert(PolicyId id, ProfileSpec profile)
    {
        var compiler = new RuleCompiler("", id);
        var ingress = compiler.Compile(PolicyDirection.Ingress, profile.Ingress);
        var egress = compiler.Compile(PolicyDirection.Egress, profile.Egress);
        return new PolicyBody(ingress, egress, [.. compiler.Sets], [.. compiler.Problems]);
    }

    private static string? Narrow(Selector? namespaces, Selector? selector, out Selector? narrowed)
    {
        narrowed = selector;
        if (namespaces is null) return null;
        var scope = ScopedSelectors.InNamespaces(namespaces);
        narrowed = selector is null ? scope : Selector.And(selector, scope);
        return null;
    }

    private static string? ReadAccounts(PolicySpec spec, out Selector? narrowed, Selector? selector)
    {
        narrowed = selector;
        if (ScopedSelectors.TryParse("serviceAccountSelector", spec.ServiceAccountSelector, out var accounts) is { } problem) return problem;
        if (accounts is null) return null;
        var scope = accounts.WithPrefix(KnownLabels.ServiceAccountPrefix);
        narrowed = selector is null ? scope : Selector.And(selector, scope);
        return null;
    }

    /// <summary>
    /// The definition. A policy of which it cannot be known whom it selects selects everyone in its scope and denies.
    /// </summary>
    private static PolicyDefinition Define(PolicyId id, PolicySpec spec, string? problem, Selector scope, Selector selector, bool extensions)
    {
        // When it counts and whom it selects are two questions: here it is known whom.
        string? untimely = Validity.Read(spec, extensions, out var validity);
        string tier = string.IsNullOrEmpty(spec.Tier) ? Tier.DefaultName : spec.Tier;
        var (ingress, egress) = PolicyTypes.Of(spec.Types, spec.Ingress?.Count ?? 0, spec.Egress?.Count ?? 0);
        return new PolicyDefinition(id, tier, spec.Order ?? double.PositiveInfinity, problem is null ? selector : scope, ingress, egress, Body)
        {
            Validity = validity,
            IsNeededEverywhere = spec.PerformanceHints?.Contains("AssumeNeededOnEveryNode") == true,
        };

        PolicyBody Body()
        {
            var compiler = new RuleCompiler(tier, id, extensions);
            if ((problem ?? untimely) is { } wrong)
            {
                return new PolicyBody(
                    ingress ? [compiler.DenyAll(PolicyDirection.Ingress)] : [],
                    egress ? [compiler.DenyAll(PolicyDirection.Egress)] : [],
                    [],
                    [wrong]);
            }
            var inbound = ingress ? compiler.Compile(PolicyDirection.Ingress, spec.Ingress) : [];
            var outbound = egress ? compiler.Compile(PolicyDirection.Egress, spec.Egress) : [];
            return new PolicyBody(inbound, outbound, [.. compiler.Sets], [.. compiler.Problems]);
        }
    }
}
