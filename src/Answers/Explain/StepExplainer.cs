using System.Collections.Immutable;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Adds to the evaluator's steps where rules stand and why they did not match.</summary>
internal sealed class StepExplainer(PolicyWorld world, AddressOwners owners)
{
    private readonly RuleWords _words = new(world.Places, owners);

    /// <summary>Explains the steps of a verdict.</summary>
    public ImmutableArray<ExplainedStep> Explain(Verdict? verdict, in Packet packet)
    {
        if (verdict is null) return [];
        var steps = ImmutableArray.CreateBuilder<ExplainedStep>();
        foreach (var step in verdict.Trace)
        {
            if (step is not RuleVisited visited)
            {
                steps.Add(new ExplainedStep(step, null, []));
                continue;
            }
            if (steps.Count > 0 && steps[^1].Step is RuleVisited last && last.Rule == visited.Rule)
            {
                if (visited.Matched) steps[^1] = steps[^1] with { Step = visited, Why = [] };
                continue;
            }
            steps.Add(new ExplainedStep(visited, world.Places.Describe(visited.Rule), visited.Matched ? [] : Why(visited.Rule, packet)));
        }
        return steps.DrainToImmutable();
    }

    /// <summary>Why the rule does not match: of what it stands for, the one that comes nearest.</summary>
    public ImmutableArray<string> Why(RuleId id, in Packet packet) =>
        Nearest(id, packet) is var (rule, parts) ? Words(rule, parts, packet) : [];

    /// <summary>The contract rule of an identity that fails the fewest parts.</summary>
    public (PolicyRule Rule, ImmutableArray<RuleMismatch> Parts)? Nearest(RuleId id, in Packet packet)
    {
        (PolicyRule, ImmutableArray<RuleMismatch> Parts)? nearest = null;
        foreach (var rule in RulesOf(id))
        {
            var parts = RuleMismatches.Of(rule, packet, world.State);
            if (nearest is null || parts.Length < nearest.Value.Parts.Length) nearest = (rule, parts);
        }
        return nearest;
    }

    /// <summary>Sentences for the parts.</summary>
    public ImmutableArray<string> Words(PolicyRule rule, ImmutableArray<RuleMismatch> parts, Packet packet) =>
        [.. parts.Select(part => _words.Describe(rule, part, packet))];

    private IEnumerable<PolicyRule> RulesOf(RuleId id)
    {
        bool ingress = id.Direction == PolicyDirection.Ingress;
        ImmutableArray<PolicyRule> rules =
            world.State.Policies.TryGetValue(id.Policy, out var policy) ? ingress ? policy.Ingress : policy.Egress
            : world.State.Profiles.TryGetValue(id.Policy, out var profile) ? ingress ? profile.Ingress : profile.Egress
            : [];
        return rules.Where(rule => rule.Id == id);
    }
}
