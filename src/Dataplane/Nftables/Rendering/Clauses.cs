using System.Collections.Immutable;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>
/// A rule's condition while it is rendered: parts that must all hold, where a part may be a choice. The kernel's rules know no
/// choice, so each combination of alternatives becomes a rule.
/// </summary>
internal sealed class Clauses
{
    private readonly List<List<ImmutableArray<NftExpression>>> _choices = [];
    private readonly RuleBuilder _all = new();

    /// <summary>True when no packet can match.</summary>
    public bool Never { get; private set; }

    /// <summary>A part without a choice.</summary>
    public RuleBuilder And => _all;

    /// <summary>No packet matches.</summary>
    public void Nothing() => Never = true;

    /// <summary>One of these must hold; none given: nothing matches.</summary>
    public void AnyOf(params List<RuleBuilder> alternatives)
    {
        if (alternatives.Count == 0) Nothing();
        else if (alternatives.Count == 1) _all.Add(alternatives[0].ToExpressions());
        else _choices.Add([.. alternatives.Select(static alternative => alternative.ToExpressions())]);
    }

    /// <summary>Every combination.</summary>
    public IEnumerable<ImmutableArray<NftExpression>> Combinations()
    {
        if (Never) return [];
        IEnumerable<ImmutableArray<NftExpression>> combinations = [_all.ToExpressions()];
        foreach (var choice in _choices) combinations = combinations.SelectMany(_ => choice, static (head, tail) => head.AddRange(tail));
        return combinations;
    }
}
