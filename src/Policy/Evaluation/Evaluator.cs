using System.Collections.Immutable;
using System.Diagnostics;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>
/// The definition of a verdict. Every data plane, and everything that explains or predicts, agrees with this: tiers in their
/// order, in each the policies in their order, in each the rules in theirs, the first match decides; then the tier's end;
/// then the profiles. It is written to be read, not to be fast.
/// </summary>
public sealed class Evaluator(CompiledState state)
{
    /// <summary>Decides about the first packet of a connection.</summary>
    /// <param name="endpoint">The endpoint whose policy is asked.</param>
    /// <param name="direction">Ingress when the packet goes to the endpoint.</param>
    /// <param name="packet">The packet.</param>
    public Verdict Evaluate(EndpointId endpoint, PolicyDirection direction, in Packet packet)
    {
        if (!state.Endpoints.TryGetValue(endpoint, out var workload)) return new Verdict(false, VerdictReason.NoEndpoint, null, []);
        var trace = ImmutableArray.CreateBuilder<TraceStep>();

        foreach (var tier in direction == PolicyDirection.Ingress ? workload.IngressTiers : workload.EgressTiers)
        {
            trace.Add(new TierEntered(tier.Name));
            switch (LookInTier(tier, direction, packet, trace))
            {
                case { Action: RuleAction.Allow or RuleAction.Deny } rule:
                    return new Verdict(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id, trace.ToImmutable());
                case { Action: RuleAction.Pass }:
                    continue;
            }
            trace.Add(new TierEnded(tier.Name, tier.DefaultAction));
            if (tier.DefaultAction == TierDefaultAction.Deny)
            {
                var end = new RuleId(tier.Name, tier.Policies[^1], direction, -1);
                return new Verdict(false, VerdictReason.EndOfTier, end, trace.ToImmutable());
            }
        }

        foreach (var profile in workload.Profiles)
        {
            trace.Add(new PolicyEntered(profile));
            var rules = direction == PolicyDirection.Ingress ? state.Profiles[profile].Ingress : state.Profiles[profile].Egress;
            if (FirstMatch(rules, packet, trace) is { } rule)
                return new Verdict(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id, trace.ToImmutable());
        }
        trace.Add(new ProfilesEnded());
        RuleId? last = workload.Profiles.IsEmpty ? null : new RuleId("", workload.Profiles[^1], direction, -1);
        return new Verdict(false, VerdictReason.NoProfile, last, trace.ToImmutable());
    }

    private PolicyRule? LookInTier(TierBinding tier, PolicyDirection direction, in Packet packet, ImmutableArray<TraceStep>.Builder trace)
    {
        foreach (var id in tier.Policies)
        {
            trace.Add(new PolicyEntered(id));
            var policy = state.Policies[id];
            var rules = direction == PolicyDirection.Ingress ? policy.Ingress : policy.Egress;
            if (FirstMatch(rules, packet, trace) is { } rule) return rule;
        }
        return null;
    }

    /// <summary>The first rule that matches and decides; a rule that only logs does not.</summary>
    private PolicyRule? FirstMatch(ImmutableArray<PolicyRule> rules, in Packet packet, ImmutableArray<TraceStep>.Builder trace)
    {
        foreach (var rule in rules)
        {
            bool matched = RuleMatching.Matches(rule, packet, state);
            trace.Add(new RuleVisited(rule.Id, rule.Action, matched));
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
