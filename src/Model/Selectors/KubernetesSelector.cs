using System.Diagnostics.CodeAnalysis;
using Margay.Model.Resources;

namespace Margay.Model.Selectors;

/// <summary>
/// The Kubernetes label selector (meta/v1 LabelSelector) in our language. Both agree on absent labels: <c>NotIn</c> and
/// <c>DoesNotExist</c> match them.
/// </summary>
public static class KubernetesSelector
{
    /// <summary>Converts a selector; an empty one selects everything.</summary>
    /// <param name="labels">The Kubernetes selector; null is as empty, so the caller decides first what null means to it.</param>
    /// <param name="selector">The same in our language, with the labels in ordinal order.</param>
    /// <param name="problem">What the Kubernetes API would refuse, for people.</param>
    public static bool TryConvert(LabelSelector? labels, [NotNullWhen(true)] out Selector? selector, [NotNullWhen(false)] out string? problem)
    {
        selector = null;
        var parts = new List<SelectorNode>();
        IEnumerable<KeyValuePair<string, string>> matchLabels = labels?.MatchLabels ?? [];
        if (labels?.MatchLabels is { Count: > 1 }) matchLabels = matchLabels.OrderBy(l => l.Key, StringComparer.Ordinal);
        foreach (var (key, value) in matchLabels)
        {
            if (CheckKey(key) is { } bad) return Fail(bad, out problem);
            if (!Selector.IsValue(value)) return Fail($"matchLabels: '{value}' is no label value", out problem);
            parts.Add(new LabelEquals(key, value));
        }
        foreach (var requirement in labels?.MatchExpressions ?? [])
        {
            if (Convert(requirement, out string? wrong) is not { } part) return Fail(wrong!, out problem);
            parts.Add(part);
        }
        problem = null;
        selector = parts.Count switch
        {
            0 => Selector.All,
            1 => new Selector(parts[0]),
            _ => new Selector(new SelectorAnd([.. parts])),
        };
        return true;
    }

    private static SelectorNode? Convert(LabelSelectorRequirement requirement, out string? problem)
    {
        problem = CheckKey(requirement.Key);
        if (problem is not null) return null;
        var values = requirement.Values ?? [];
        bool wantsValues = requirement.Operator is "In" or "NotIn";
        if (wantsValues == (values.Count == 0))
        {
            problem = $"matchExpressions: {requirement.Operator} {(wantsValues ? "needs values" : "takes no values")}";
            return null;
        }
        if (values.Find(v => !Selector.IsValue(v)) is { } bad)
        {
            problem = $"matchExpressions: '{bad}' is no label value";
            return null;
        }
        switch (requirement.Operator)
        {
            case "In": return new LabelIn(requirement.Key, SelectorParser.SortedValues(values));
            case "NotIn": return new LabelNotIn(requirement.Key, SelectorParser.SortedValues(values));
            case "Exists": return new LabelExists(requirement.Key);
            case "DoesNotExist": return new SelectorNot(new LabelExists(requirement.Key));
            default:
                problem = $"matchExpressions: unknown operator '{requirement.Operator}'";
                return null;
        }
    }

    private static string? CheckKey(string? key) => Selector.IsLabelName(key) ? null : $"'{key}' is no label name";

    private static bool Fail(string text, out string problem)
    {
        problem = text;
        return false;
    }
}
