using System.Collections.Immutable;
using System.Diagnostics;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>One packet's way through tiers and profiles, in one direction, with a record of every step.</summary>
internal sealed class PolicyWalk(CompiledState state, PolicyDirection direction, in Packet packet)
{
    private readonly ImmutableArray<TraceStep>.Builder _trace = ImmutableArray.CreateBuilder<TraceStep>();
    private readonly Packet _packet = packet;

    /// <summary>The tiers in their order; null when none of them decided.</summary>
    public Verdict? Tiers(ImmutableArray<TierBinding> tiers)
    {
        foreach (var tier in tiers)
        {
            _trace.Add(new TierEntered(tier.Name));
            switch (LookIn(tier))
            {
                case { Action: RuleAction.Allow or RuleAction.Deny } rule:
                    return Decide(rule);
                case { Action: RuleAction.Pass }:
                    continue;
            }
            _trace.Add(new TierEnded(tier.Name, tier.DefaultAction));
            if (tier.DefaultAction == TierDefaultAction.Deny)
                return Decide(false, VerdictReason.EndOfTier, new RuleId(tier.Name, tier.Policies[^1], direction, -1)) with { Rejected = tier.Reject };
        }
        return null;
    }

    /// <summary>The profiles in their order; none that allows: denied.</summary>
    public Verdict Profiles(ImmutableArray<PolicyId> profiles)
    {
        foreach (var profile in profiles)
        {
            _trace.Add(new PolicyEntered(profile));
            var rules = direction == PolicyDirection.Ingress ? state.Profiles[profile].Ingress : state.Profiles[profile].Egress;
            if (FirstMatch(rules) is { } rule) return Decide(rule);
        }
        _trace.Add(new ProfilesEnded());
        RuleId? last = profiles.IsEmpty ? null : new RuleId("", profiles[^1], direction, -1);
        return Decide(false, VerdictReason.NoProfile, last);
    }

    /// <summary>A verdict with the steps so far.</summary>
    public Verdict Decide(bool allowed, VerdictReason reason, RuleId? decider = null) => new(allowed, reason, decider, _trace.ToImmutable());

    private Verdict Decide(PolicyRule rule) =>
        Decide(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id) with { Rejected = rule is { Action: RuleAction.Deny, Reject: true } };

    private PolicyRule? LookIn(TierBinding tier)
    {
        foreach (var id in tier.Policies)
        {
            _trace.Add(new PolicyEntered(id));
            if (FirstMatch(state.RulesOf(id, direction)) is { } rule) return rule;
        }
        return null;
    }

    /// <summary>The first rule that matches and decides; a rule that only logs does not.</summary>
    private PolicyRule? FirstMatch(ImmutableArray<PolicyRule> rules)
    {
        foreach (var rule in rules)
        {
            bool matched = RuleMatching.Matches(rule, _packet, state);
            _trace.Add(new RuleVisited(rule.Id, rule.Action, matched));
            if (!matched) continue;
            switch (rule.Action)
            {
                case RuleAction.Allow or RuleAction.Deny or RuleAction.Pass: return rule;
                case RuleAction.Log: continue;
                default: throw new UnreachableException($"No meaning for {rule.Action}.");
            }
        }
        return null;
    }
}
