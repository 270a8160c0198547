using System.Collections.Immutable;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>
/// What would have to change for the other verdict. Nothing is guessed: each suggestion was tried on the compiled policy,
/// and the evaluator's verdict was the other one.
/// </summary>
internal sealed class Remedies(PolicyWorld world, StepExplainer steps)
{
    private const int Most = 3;
    private const int MostParts = 2;
    private const int MostRules = 8;

    /// <summary>Suggestions for a verdict; the likeliest first.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="again">Asks the same question again.</param>
    public ImmutableArray<string> For(FlowVerdict verdict, Func<FlowVerdict> again) => verdict.Outcome switch
    {
        FlowOutcome.Denied => [.. Opening(verdict, again)],
        FlowOutcome.Allowed => [.. Closing(verdict, again)],
        _ => [],
    };

    private IEnumerable<string> Opening(FlowVerdict denied, Func<FlowVerdict> again)
    {
        var side = denied.Decisive!;
        if (side is { Reason: VerdictReason.Rule, Decider: { } denier })
            yield return $"without {Name(denier)} it would be {Outcome(Trying([denier], null, again))}";
        foreach (string near in NearMisses(denied, again)) yield return near;
        if (side is { Reason: VerdictReason.EndOfTier, Decider: { } end })
            yield return $"no rule of tier {end.Tier} decides: a rule that allows it, or passes, in a policy of that tier that selects the pod changes this; the tier's end denies";
        if (side.Reason == VerdictReason.NoProfile)
            yield return "no policy decides and no profile of the pod allows it: does the pod's Namespace exist, and is its profile kns.NAMESPACE unchanged?";
        if (side.Reason == VerdictReason.NoEndpoint) yield return "the pod is no endpoint: it has no address yet, or has ended";
    }

    private List<string> NearMisses(FlowVerdict denied, Func<FlowVerdict> again)
    {
        var (packet, side) = (denied.Packet, denied.Decisive!);
        bool atSource = denied.Egress is { Allowed: false };
        var tried = new List<(int Parts, string Text)>();
        foreach (var visited in side.Trace.OfType<RuleVisited>().Where(v => !v.Matched && v.Action == RuleAction.Allow).DistinctBy(v => v.Rule))
        {
            if (steps.Nearest(visited.Rule, packet) is not var (rule, parts) || parts.Length is 0 or > MostParts) continue;
            if (parts.Any(part => part.Part is RulePart.Nothing or RulePart.Other or RulePart.Family or RulePart.Http)) continue;
            var relaxed = RuleMismatches.Without(rule, parts);
            var verdict = Trying([], (rule, relaxed), again);
            // The side that denies must change its mind; the other one may then deny as well.
            if ((atSource ? verdict.Egress : verdict.Ingress) is not { Allowed: true }) continue;
            string next = verdict.Allowed ? "" : $"; the destination would then deny it by {ExplanationText.Decider(verdict.Decisive!)}";
            tried.Add((parts.Length, $"{Name(visited.Rule)} would allow it, but {string.Join(", and ", steps.Words(rule, parts, packet))}{next}"));
        }
        // Where one part is in the way, rules that fail more are beside the point.
        return [.. tried.Where(t => t.Parts == tried.Min(other => other.Parts)).Take(Most).Select(t => t.Text)];
    }

    private IEnumerable<string> Closing(FlowVerdict allowed, Func<FlowVerdict> again)
    {
        var removed = new List<RuleId>();
        var now = allowed;
        while (now.Allowed && removed.Count < MostRules)
        {
            // Either side closes it; the last one asked has the nearer rules.
            if (now.Decisive is not { Reason: VerdictReason.Rule, Decider: { } decider } || decider.Policy.Kind == PolicyKind.Profile) break;
            removed.Add(decider);
            now = Trying(removed, null, again);
        }
        if (removed.Count > 0 && !now.Allowed)
            yield return $"without {string.Join(" and ", removed.Select(Name))} it would be {Outcome(now)}";
        else if (removed.Count > 0)
            yield return $"without {string.Join(" and ", removed.Select(Name))} it would still be {Outcome(now)}";
        if (now is { Allowed: true } && (now.Ingress ?? now.Egress) is { Decider.Policy.Kind: PolicyKind.Profile } open)
            yield return $"no policy decides about the {(ReferenceEquals(open, now.Ingress) ? "destination's ingress" : "source's egress")}; any policy of that type that selects the pod denies what it does not allow";
    }

    /// <summary>The verdict with rules left out, or one replaced; everything is as before afterwards.</summary>
    private FlowVerdict Trying(IReadOnlyCollection<RuleId> without, (PolicyRule Old, PolicyRule New)? replaced, Func<FlowVerdict> again)
    {
        var ids = without.Select(rule => rule.Policy).Concat(replaced is { } r ? [r.Old.Id.Policy] : []).Distinct();
        var originals = new List<DataplaneUpdate>();
        var changed = new List<DataplaneUpdate>();
        foreach (var id in ids)
        {
            if (world.State.Policies.TryGetValue(id, out var policy))
            {
                originals.Add(policy);
                changed.Add(policy with { Ingress = Edit(policy.Ingress), Egress = Edit(policy.Egress) });
            }
            else if (world.State.Profiles.TryGetValue(id, out var profile))
            {
                originals.Add(profile);
                changed.Add(profile with { Ingress = Edit(profile.Ingress), Egress = Edit(profile.Egress) });
            }
        }
        world.State.Apply(changed);
        try
        {
            return again();
        }
        finally
        {
            world.State.Apply(originals);
        }

        ImmutableArray<PolicyRule> Edit(ImmutableArray<PolicyRule> rules) =>
            [.. rules.Where(rule => !without.Contains(rule.Id)).Select(rule => replaced is { } r && ReferenceEquals(rule, r.Old) ? r.New : rule)];
    }

    private string Name(RuleId rule) => world.Places.Describe(rule) is { } place ? $"rule {rule} ({place})" : $"rule {rule}";

    private static string Outcome(FlowVerdict verdict) =>
        (verdict.Allowed ? "allowed" : "denied") + (verdict.Decisive is { } side ? $" by {ExplanationText.Decider(side)}" : "");
}
