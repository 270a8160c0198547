using System.Collections.Immutable;

namespace Margay.Model.Selectors;

/// <summary>Replaces leaves of a selector, for example to give its labels a prefix.</summary>
internal static class SelectorRewriting
{
    /// <summary>A copy in which every leaf went through <paramref name="leaf"/>.</summary>
    internal static SelectorNode Rewrite(SelectorNode node, Func<SelectorNode, SelectorNode> leaf) => node switch
    {
        SelectorNot n => new SelectorNot(Rewrite(n.Operand, leaf)),
        SelectorAnd n => new SelectorAnd(Rewrite(n.Operands, leaf)),
        SelectorOr n => new SelectorOr(Rewrite(n.Operands, leaf)),
        _ => leaf(node),
    };

    /// <summary>A leaf whose label has the prefix in front; <c>all()</c> and <c>global()</c> name no label and stay.</summary>
    internal static SelectorNode WithPrefix(SelectorNode leaf, string prefix) => leaf switch
    {
        LabelEquals n => n with { Key = prefix + n.Key },
        LabelNotEquals n => n with { Key = prefix + n.Key },
        LabelIn n => n with { Key = prefix + n.Key },
        LabelNotIn n => n with { Key = prefix + n.Key },
        LabelExists n => n with { Key = prefix + n.Key },
        LabelContains n => n with { Key = prefix + n.Key },
        LabelStartsWith n => n with { Key = prefix + n.Key },
        LabelEndsWith n => n with { Key = prefix + n.Key },
        _ => leaf,
    };

    private static ImmutableArray<SelectorNode> Rewrite(ImmutableArray<SelectorNode> operands, Func<SelectorNode, SelectorNode> leaf) =>
        [.. operands.Select(o => Rewrite(o, leaf))];
}
