using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability;

/// <summary>
/// The list that an endpoint's packets run through in one direction: tiers, then profiles. Endpoints with equal lists share
/// one program. It mirrors <see cref="Evaluator"/>, which is the definition; the tests hold the two together.
/// </summary>
internal sealed class PolicyProgram
{
    /// <summary>Rules that are looked at together, and what their end does: null goes on to the next stage.</summary>
    internal sealed record Stage(ImmutableArray<PolicyRule> Rules, Ruling? End, bool IsProfiles)
    {
        /// <summary>The number of a later stage that goes on with what a rule allows; null: that is decided.</summary>
        internal int? AllowedGoTo { get; init; }

        /// <summary>What allowed packets are told when the rules are no policy's; null: the rule decided.</summary>
        internal Ruling? AllowedAs { get; init; }
    }

    internal PolicyProgram(ImmutableArray<Stage> stages) => Stages = stages;

    internal ImmutableArray<Stage> Stages { get; }

    /// <summary>All rules, in order.</summary>
    internal IEnumerable<PolicyRule> Rules => Stages.SelectMany(s => s.Rules);

    /// <summary>Reads the list of an endpoint.</summary>
    internal static PolicyProgram Read(
        CompiledState state, PolicyDirection direction, ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> profiles)
    {
        var stages = ImmutableArray.CreateBuilder<Stage>();
        foreach (var tier in tiers) stages.Add(Tier(state, direction, tier));
        stages.Add(Profiles(state, direction, profiles));
        return new(stages.ToImmutable());
    }

    /// <summary>A tier.</summary>
    internal static Stage Tier(CompiledState state, PolicyDirection direction, TierBinding tier)
    {
        var rules = tier.Policies.SelectMany(id => state.RulesOf(id, direction)).ToImmutableArray();
        Ruling? end = tier.DefaultAction == TierDefaultAction.Pass
            ? null
            : new Ruling(false, VerdictReason.EndOfTier, new RuleId(tier.Name, tier.Policies[^1], direction, -1));
        return new Stage(rules, end, false);
    }

    /// <summary>What comes after all tiers.</summary>
    internal static Stage Profiles(CompiledState state, PolicyDirection direction, ImmutableArray<PolicyId> profiles)
    {
        var last = new Ruling(false, VerdictReason.NoProfile, profiles.IsEmpty ? null : new RuleId("", profiles[^1], direction, -1));
        var ofProfiles = profiles.Select(id => state.Profiles[id]).SelectMany(p => direction == PolicyDirection.Ingress ? p.Ingress : p.Egress);
        return new Stage([.. ofProfiles], last, true);
    }
}
