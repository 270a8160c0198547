using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Answers.PolicyTests;

/// <summary>
/// Which rules tests have tried: a rule is covered when it matched a connection of a test. Rules of profiles do not count,
/// nor do policies that select no pod, which <c>margay verify</c> reports.
/// </summary>
public sealed class RuleCoverage
{
    private readonly HashSet<CoveredRule> _rules;
    private readonly HashSet<CoveredRule> _covered = [];
    private readonly Dictionary<RuleId, CoveredRule> _byId;

    private RuleCoverage(IEnumerable<CoveredRule> rules)
    {
        _rules = [.. rules];
        _byId = _rules.ToDictionary(rule => rule.Rule);
    }

    private RuleCoverage(IEnumerable<CoveredRule> rules, IEnumerable<CoveredRule> covered) =>
        (_rules, _covered, _byId) = ([.. rules], [.. covered], []);

    /// <summary>How many rules there are.</summary>
    public int Total => _rules.Count;

    /// <summary>How many of them are covered.</summary>
    public int Covered => _covered.Count;

    /// <summary>The share of rules that are covered, 0 to 100; 100 when there is none.</summary>
    public double Percent => Total == 0 ? 100 : 100.0 * Covered / Total;

    /// <summary>The rules that no test tried, in order.</summary>
    public IEnumerable<CoveredRule> Missing => _rules.Except(_covered).OrderBy(rule => rule.ToString(), StringComparer.Ordinal);

    /// <summary>The coverage of several files together: the same rule at the same place counts once.</summary>
    public static RuleCoverage Join(IReadOnlyCollection<RuleCoverage> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new RuleCoverage(parts.SelectMany(part => part._rules), parts.SelectMany(part => part._covered));
    }

    /// <summary>All rules of a world, none covered.</summary>
    internal static RuleCoverage Of(PolicyWorld world)
    {
        var rules = world.State.Policies.Values.SelectMany(policy => policy.Ingress.Concat(policy.Egress)).Select(rule => rule.Id).Distinct();
        return new RuleCoverage(rules.Select(rule => new CoveredRule(rule, world.Places.Describe(rule))));
    }

    /// <summary>Takes note of the rules that a verdict went through.</summary>
    internal void Note(FlowVerdict verdict)
    {
        foreach (var side in new[] { verdict.Egress, verdict.Ingress }.OfType<Verdict>())
            foreach (var visited in side.Trace.OfType<RuleVisited>().Where(visited => visited.Matched))
                if (_byId.TryGetValue(visited.Rule, out var rule)) _covered.Add(rule);
    }
}

/// <summary>A rule that tests can cover.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Place"><c>file:line</c>; null when it stands in no file.</param>
public sealed record CoveredRule(RuleId Rule, string? Place)
{
    /// <inheritdoc/>
    public override string ToString() => Place is null ? $"{Rule}" : $"{Rule} ({Place})";
}
