using System.Collections.Immutable;

namespace Margay.Model.Selectors;

/// <summary>
/// A shorter selector for evaluation, that matches the same: operands that say what an earlier one says are left out, and a negated
/// comparison is the opposite one. What a selector prints as stays as it was written.
/// </summary>
internal static class SelectorSimplification
{
    /// <summary>Longer lists are not searched for repetitions: each operand is compared with all before it.</summary>
    private const int MostOperands = 8;

    /// <summary>The shorter form; the node itself when there is nothing to leave out.</summary>
    internal static SelectorNode Simplify(SelectorNode node) => node switch
    {
        SelectorNot n => Negate(n, Simplify(n.Operand)),
        SelectorAnd n => Shorten(n, n.Operands),
        SelectorOr n => Shorten(n, n.Operands),
        _ => node,
    };

    private static SelectorNode Negate(SelectorNot node, SelectorNode operand) => operand switch
    {
        LabelEquals n => new LabelNotEquals(n.Key, n.Value),
        LabelNotEquals n => new LabelEquals(n.Key, n.Value),
        LabelIn n => new LabelNotIn(n.Key, n.Values),
        LabelNotIn n => new LabelIn(n.Key, n.Values),
        SelectorNot n => n.Operand,
        _ => ReferenceEquals(operand, node.Operand) ? node : new SelectorNot(operand),
    };

    private static SelectorNode Shorten(SelectorNode list, ImmutableArray<SelectorNode> operands)
    {
        var distinct = Distinct(operands);
        if (distinct == operands) return list;
        if (distinct.Length == 1) return distinct[0];
        return list is SelectorAnd ? new SelectorAnd(distinct) : new SelectorOr(distinct);
    }

    private static ImmutableArray<SelectorNode> Distinct(ImmutableArray<SelectorNode> operands)
    {
        bool changed = false;
        var distinct = ImmutableArray.CreateBuilder<SelectorNode>(operands.Length);
        foreach (var operand in operands)
        {
            var simple = Simplify(operand);
            bool repeated = operands.Length <= MostOperands && IsAmong(distinct, simple);
            changed |= repeated || !ReferenceEquals(simple, operand);
            if (!repeated) distinct.Add(simple);
        }
        return changed ? distinct.ToImmutable() : operands;
    }

    private static bool IsAmong(ImmutableArray<SelectorNode>.Builder nodes, SelectorNode node)
    {
        foreach (var known in nodes)
            if (AreSame(known, node)) return true;
        return false;
    }

    private static bool AreSame(SelectorNode a, SelectorNode b) => a.Height == b.Height && (a, b) switch
    {
        (SelectorNot x, SelectorNot y) => AreSame(x.Operand, y.Operand),
        (SelectorAnd x, SelectorAnd y) => AreSame(x.Operands, y.Operands),
        (SelectorOr x, SelectorOr y) => AreSame(x.Operands, y.Operands),
        (LabelIn x, LabelIn y) => x.Key == y.Key && x.Values.AsSpan().SequenceEqual(y.Values.AsSpan()),
        (LabelNotIn x, LabelNotIn y) => x.Key == y.Key && x.Values.AsSpan().SequenceEqual(y.Values.AsSpan()),
        _ => a.Equals(b),
    };

    private static bool AreSame(ImmutableArray<SelectorNode> a, ImmutableArray<SelectorNode> b)
    {
        if (a.Length != b.Length) return false;
        for (int i = 0; i < a.Length; i++)
            if (!AreSame(a[i], b[i])) return false;
        return true;
    }
}
