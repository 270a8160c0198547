using System.Collections.Immutable;
using System.Diagnostics;

namespace Margay.Model.Selectors;

/// <summary>Whether labels match a selector. The frequent forms are asked for first.</summary>
internal static class SelectorEvaluation
{
    internal static bool Matches<TLabels>(SelectorNode node, in TLabels labels)
        where TLabels : ILabels, allows ref struct => node switch
    {
        LabelEquals n => labels.TryGet(n.Key, out var value) && value == n.Value,
        SelectorAnd n => MatchesEvery(n.Operands, labels),
        SelectorNot n => !Matches(n.Operand, labels),
        SelectorOr n => MatchesAny(n.Operands, labels),
        LabelNotEquals n => !labels.TryGet(n.Key, out var value) || value != n.Value,
        LabelIn n => labels.TryGet(n.Key, out var value) && Contains(n.Values, value),
        LabelNotIn n => !labels.TryGet(n.Key, out var value) || !Contains(n.Values, value),
        LabelExists n => labels.TryGet(n.Key, out _),
        LabelContains n => labels.TryGet(n.Key, out var value) && value.Contains(n.Part, StringComparison.Ordinal),
        LabelStartsWith n => labels.TryGet(n.Key, out var value) && value.StartsWith(n.Start, StringComparison.Ordinal),
        LabelEndsWith n => labels.TryGet(n.Key, out var value) && value.EndsWith(n.End, StringComparison.Ordinal),
        SelectAll or SelectGlobal => true,
        _ => throw new UnreachableException($"No evaluation for {node.GetType().Name}."),
    };

    private static bool Contains(ImmutableArray<string> sorted, string value) =>
        sorted.AsSpan().BinarySearch(value, StringComparer.Ordinal) >= 0;

    private static bool MatchesEvery<TLabels>(ImmutableArray<SelectorNode> operands, in TLabels labels)
        where TLabels : ILabels, allows ref struct
    {
        foreach (var operand in operands)
            if (!Matches(operand, labels)) return false;
        return true;
    }

    private static bool MatchesAny<TLabels>(ImmutableArray<SelectorNode> operands, in TLabels labels)
        where TLabels : ILabels, allows ref struct
    {
        foreach (var operand in operands)
            if (Matches(operand, labels)) return true;
        return false;
    }
}
