using System.Collections.Immutable;
using System.Diagnostics;
using Margay.Model.Selectors;

namespace Margay.Policy.Labels;

/// <summary>A selector over label numbers. Mirrors the forms of <see cref="SelectorNode"/>.</summary>
internal abstract record CompiledSelector
{
    private sealed record Everything : CompiledSelector;

    private sealed record ValueIn(int Key, ImmutableArray<int> Values) : CompiledSelector;

    private sealed record ValueNotIn(int Key, ImmutableArray<int> Values) : CompiledSelector;

    private sealed record Present(int Key) : CompiledSelector;

    private sealed record TextTest(int Key, LabelPool Pool, SelectorNode Test) : CompiledSelector;

    private sealed record Negation(CompiledSelector Operand) : CompiledSelector;

    private sealed record Conjunction(CompiledSelector[] Operands) : CompiledSelector;

    private sealed record Disjunction(CompiledSelector[] Operands) : CompiledSelector;

    /// <summary>Translates a selector.</summary>
    public static CompiledSelector Compile(Selector selector, LabelPool pool) => Compile(selector.Root, pool);

    /// <summary>Whether labels match.</summary>
    public bool Matches(LabelSet labels) => this switch
    {
        ValueIn n => labels.TryGet(n.Key, out int value) && n.Values.Contains(value),
        Present n => labels.TryGet(n.Key, out _),
        Conjunction n => All(n.Operands, labels),
        Disjunction n => Any(n.Operands, labels),
        ValueNotIn n => !labels.TryGet(n.Key, out int value) || !n.Values.Contains(value),
        Negation n => !n.Operand.Matches(labels),
        Everything => true,
        TextTest n => labels.TryGet(n.Key, out int value) && TestText(n.Test, n.Pool.Text(value)),
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// What must be there for a match: each entry is a list of alternatives of which a matching thing has at least one.
    /// No entry: nothing is known. An entry without alternatives: nothing can match.
    /// </summary>
    public IReadOnlyList<Anchor[]> Anchors() => this switch
    {
        ValueIn n => [[.. n.Values.Select(v => new Anchor(n.Key, v))]],
        Present n => [[new Anchor(n.Key, Anchor.AnyValue)]],
        TextTest n => [[new Anchor(n.Key, Anchor.AnyValue)]],
        Conjunction n => [.. n.Operands.SelectMany(o => o.Anchors())],
        Disjunction n => OfAlternatives(n.Operands),
        _ => [],
    };

    private static IReadOnlyList<Anchor[]> OfAlternatives(CompiledSelector[] operands)
    {
        var union = new HashSet<Anchor>();
        foreach (var operand in operands)
        {
            // The most specific of each: values before bare names, few before many.
            var best = operand.Anchors().OrderBy(a => a.Any(x => x.Value == Anchor.AnyValue)).ThenBy(a => a.Length).FirstOrDefault();
            if (best is null) return [];
            union.UnionWith(best);
        }
        return [[.. union]];
    }

    private static CompiledSelector Compile(SelectorNode node, LabelPool pool) => node switch
    {
        LabelEquals n => new ValueIn(pool.Id(n.Key), [pool.Id(n.Value)]),
        LabelNotEquals n => new ValueNotIn(pool.Id(n.Key), [pool.Id(n.Value)]),
        LabelIn n => new ValueIn(pool.Id(n.Key), [.. n.Values.Select(pool.Id)]),
        LabelNotIn n => new ValueNotIn(pool.Id(n.Key), [.. n.Values.Select(pool.Id)]),
        LabelExists n => new Present(pool.Id(n.Key)),
        LabelContains n => new TextTest(pool.Id(n.Key), pool, n),
        LabelStartsWith n => new TextTest(pool.Id(n.Key), pool, n),
        LabelEndsWith n => new TextTest(pool.Id(n.Key), pool, n),
        SelectAll or SelectGlobal => new Everything(),
        SelectorNot n => new Negation(Compile(n.Operand, pool)),
        SelectorAnd n => new Conjunction([.. n.Operands.Select(o => Compile(o, pool))]),
        SelectorOr n => new Disjunction([.. n.Operands.Select(o => Compile(o, pool))]),
        _ => throw new UnreachableException($"No translation for {node.GetType().Name}."),
    };

    private static bool TestText(SelectorNode test, string value) => test switch
    {
        LabelContains n => value.Contains(n.Part, StringComparison.Ordinal),
        LabelStartsWith n => value.StartsWith(n.Start, StringComparison.Ordinal),
        LabelEndsWith n => value.EndsWith(n.End, StringComparison.Ordinal),
        _ => throw new UnreachableException(),
    };

    private static bool All(CompiledSelector[] operands, LabelSet labels)
    {
        foreach (var operand in operands)
            if (!operand.Matches(labels)) return false;
        return true;
    }

    private static bool Any(CompiledSelector[] operands, LabelSet labels)
    {
        foreach (var operand in operands)
            if (operand.Matches(labels)) return true;
        return false;
    }
}

/// <summary>A label that a selector is filed under: a name with one value, or a name with any.</summary>
internal readonly record struct Anchor(int Key, int Value)
{
    /// <summary>Any value.</summary>
    public const int AnyValue = -1;
}
