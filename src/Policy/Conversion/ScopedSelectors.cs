using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// Turns the selectors of one side of a rule into what they select: at most one selector that must match, and at most one
/// that must not. See docs/design/policy.md, "Whom a rule means".
/// </summary>
internal static class ScopedSelectors
{
    /// <summary>Reads the selectors of a side.</summary>
    /// <param name="entity">The side.</param>
    /// <param name="ownNamespace">The policy's namespace; empty for cluster-wide policies and profiles.</param>
    /// <param name="positive">Must match; null when the side names no endpoints.</param>
    /// <param name="negative">Must not match; null when there is none or the positive one covers it.</param>
    /// <returns>What is wrong, or null.</returns>
    internal static string? Read(EntityRule entity, string ownNamespace, out Selector? positive, out Selector? negative)
    {
        positive = negative = null;
        if (TryParse("selector", entity.Selector, out var selector) is { } a) return a;
        if (TryParse("notSelector", entity.NotSelector, out var not) is { } b) return b;
        if (TryParse("namespaceSelector", entity.NamespaceSelector, out var namespaces) is { } c) return c;
        if (ReadServiceAccounts(entity.ServiceAccounts, out var accounts) is { } d) return d;

        // A named namespace selector is a match by itself; the policy's own namespace only narrows other matches.
        bool any = selector is not null || accounts is not null;
        if (namespaces is not null)
            positive = Both(InNamespaces(namespaces), Both(accounts, selector));
        else if (ownNamespace.Length > 0 && (any || not is not null))
            positive = Both(KnownLabels.InNamespace(ownNamespace), Both(accounts, selector));
        else if (any)
            positive = Both(accounts, selector);

        // Among known endpoints the negative selector only narrows the set; alone it also admits unknown addresses.
        if (positive is not null && not is not null) positive = Selector.And(positive, Selector.Not(not));
        else negative = not;
        return null;
    }

    /// <summary>A namespace selector over the labels that endpoints inherit from their namespace.</summary>
    internal static Selector InNamespaces(Selector namespaces) =>
        namespaces.WithPrefix(KnownLabels.NamespacePrefix).WithScopes(KnownLabels.InAnyNamespace, KnownLabels.InNoNamespace);

    /// <summary>Parses a selector that may be absent.</summary>
    internal static string? TryParse(string field, string? text, out Selector? selector)
    {
        selector = null;
        if (string.IsNullOrEmpty(text)) return null;
        return ParsedSelectors.TryParse(text, out selector, out var error) ? null : $"{field}: {error}";
    }

    private static string? ReadServiceAccounts(ServiceAccountMatch? match, out Selector? selector)
    {
        selector = null;
        if (match is null) return null;
        if (TryParse("serviceAccounts.selector", match.Selector, out var labels) is { } problem) return problem;
        selector = labels?.WithPrefix(KnownLabels.ServiceAccountPrefix);
        if (match.Names is not { Count: > 0 } names) return null;
        if (names.Find(n => !Selector.IsValue(n)) is { } bad) return $"serviceAccounts.names: '{bad}' is no name";
        selector = Both(selector, new Selector(new LabelIn(KnownLabels.ServiceAccount, [.. names.Distinct().Order(StringComparer.Ordinal)])));
        return null;
    }

    private static Selector? Both(Selector? left, Selector? right) =>
        left is null ? right : right is null ? left : Selector.And(left, right);
}
