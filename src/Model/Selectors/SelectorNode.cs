using System.Collections.Immutable;

namespace Margay.Model.Selectors;

/// <summary>A part of a selector. One sealed record per form; each question about selectors is one switch over them.</summary>
/// <param name="Height">The number of nodes on the longest way down, this one included; bounded by <see cref="SelectorParser.MaxHeight"/>.</param>
public abstract record SelectorNode(int Height)
{
    private protected static int Highest(ImmutableArray<SelectorNode> nodes)
    {
        int highest = 0;
        foreach (var node in nodes) highest = Math.Max(highest, node.Height);
        return highest;
    }
}

/// <summary><c>k == 'v'</c>: the label is present and has this value.</summary>
public sealed record LabelEquals(string Key, string Value) : SelectorNode(1);

/// <summary><c>k != 'v'</c>: the label is absent or has another value.</summary>
public sealed record LabelNotEquals(string Key, string Value) : SelectorNode(1);

/// <summary><c>k in {'v', ...}</c>: the label is present and has one of the values.</summary>
/// <param name="Key">The label.</param>
/// <param name="Values">Distinct and in ordinal order; may be empty, which matches nothing.</param>
public sealed record LabelIn(string Key, ImmutableArray<string> Values) : SelectorNode(1);

/// <summary><c>k not in {'v', ...}</c>: the label is absent or has none of the values.</summary>
/// <param name="Key">The label.</param>
/// <param name="Values">Distinct and in ordinal order; may be empty, which matches everything.</param>
public sealed record LabelNotIn(string Key, ImmutableArray<string> Values) : SelectorNode(1);

/// <summary><c>has(k)</c>: the label is present.</summary>
public sealed record LabelExists(string Key) : SelectorNode(1);

/// <summary><c>k contains 'v'</c>: the label is present and its value has this part.</summary>
public sealed record LabelContains(string Key, string Part) : SelectorNode(1);

/// <summary><c>k starts with 'v'</c>.</summary>
public sealed record LabelStartsWith(string Key, string Start) : SelectorNode(1);

/// <summary><c>k ends with 'v'</c>.</summary>
public sealed record LabelEndsWith(string Key, string End) : SelectorNode(1);

/// <summary><c>all()</c>: everything.</summary>
public sealed record SelectAll() : SelectorNode(1);

/// <summary>
/// <c>global()</c>: has a meaning in a namespace selector only, where it is rewritten before use. Evaluated as it stands
/// it matches everything, as upstream's does.
/// </summary>
public sealed record SelectGlobal() : SelectorNode(1);

/// <summary><c>!x</c>.</summary>
public sealed record SelectorNot(SelectorNode Operand) : SelectorNode(Operand.Height + 1);

/// <summary><c>x &amp;&amp; y ...</c>; at least two operands.</summary>
public sealed record SelectorAnd(ImmutableArray<SelectorNode> Operands) : SelectorNode(Highest(Operands) + 1);

/// <summary><c>x || y ...</c>; at least two operands.</summary>
public sealed record SelectorOr(ImmutableArray<SelectorNode> Operands) : SelectorNode(Highest(Operands) + 1);
