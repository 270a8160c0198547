using Margay.Model.Selectors;

namespace Margay.Policy.Tests.Labels;

/// <summary>A label that a selector needs: a name with one value, or (null) with any. For <see cref="PlainLabelIndex"/>.</summary>
internal readonly record struct TextAnchor(string Key, string? Value)
{
    /// <summary>Lists of alternatives, one of each of which is there whenever the selector matches.</summary>
    public static IReadOnlyList<TextAnchor[]> Of(SelectorNode node) => node switch
    {
        LabelEquals n => [[new TextAnchor(n.Key, n.Value)]],
        LabelIn n => [[.. n.Values.Select(v => new TextAnchor(n.Key, v))]],
        LabelExists n => [[new TextAnchor(n.Key, null)]],
        LabelContains n => [[new TextAnchor(n.Key, null)]],
        LabelStartsWith n => [[new TextAnchor(n.Key, null)]],
        LabelEndsWith n => [[new TextAnchor(n.Key, null)]],
        SelectorAnd n => [.. n.Operands.SelectMany(Of)],
        SelectorOr n => OfAlternatives(n),
        _ => [],
    };

    private static IReadOnlyList<TextAnchor[]> OfAlternatives(SelectorOr or)
    {
        var union = new HashSet<TextAnchor>();
        foreach (var operand in or.Operands)
        {
            if (Of(operand).OrderBy(e => e.Any(a => a.Value is null)).ThenBy(e => e.Length).FirstOrDefault() is not { } best) return [];
            union.UnionWith(best);
        }
        return [[.. union]];
    }
}
