using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace Margay.Model.Selectors;

/// <summary>
/// The canonical text: one blank around operators, double quotes unless the value holds one, sets sorted, every
/// <c>&amp;&amp;</c> and <c>||</c> list in parentheses. The same form as upstream's, which users meet in its diagnostics.
/// </summary>
internal static class SelectorText
{
    internal static string Write(SelectorNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static StringBuilder Append(StringBuilder text, SelectorNode node) => node switch
    {
        LabelEquals n => Comparison(text, n.Key, " == ", n.Value),
        LabelNotEquals n => Comparison(text, n.Key, " != ", n.Value),
        LabelContains n => Comparison(text, n.Key, " contains ", n.Part),
        LabelStartsWith n => Comparison(text, n.Key, " starts with ", n.Start),
        LabelEndsWith n => Comparison(text, n.Key, " ends with ", n.End),
        LabelIn n => Set(text, n.Key, " in {", n.Values),
        LabelNotIn n => Set(text, n.Key, " not in {", n.Values),
        LabelExists n => text.Append("has(").Append(n.Key).Append(')'),
        SelectAll => text.Append("all()"),
        SelectGlobal => text.Append("global()"),
        SelectorNot n => Append(text.Append('!'), n.Operand),
        SelectorAnd n => List(text, n.Operands, " && "),
        SelectorOr n => List(text, n.Operands, " || "),
        _ => throw new UnreachableException($"No text for {node.GetType().Name}."),
    };

    private static StringBuilder Comparison(StringBuilder text, string key, string op, string value) =>
        Quoted(text.Append(key).Append(op), value);

    private static StringBuilder Set(StringBuilder text, string key, string op, ImmutableArray<string> values)
    {
        text.Append(key).Append(op);
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0) text.Append(", ");
            Quoted(text, values[i]);
        }
        return text.Append('}');
    }

    private static StringBuilder List(StringBuilder text, ImmutableArray<SelectorNode> operands, string separator)
    {
        text.Append('(');
        for (int i = 0; i < operands.Length; i++)
        {
            if (i > 0) text.Append(separator);
            Append(text, operands[i]);
        }
        return text.Append(')');
    }

    private static StringBuilder Quoted(StringBuilder text, string value)
    {
        char quote = value.Contains('"', StringComparison.Ordinal) ? '\'' : '"';
        return text.Append(quote).Append(value).Append(quote);
    }
}
