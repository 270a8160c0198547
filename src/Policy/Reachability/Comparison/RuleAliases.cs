using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// Which rule after is which rule before. A rule's identity has its position; a rule that only moves, because one was put
/// before it, decides as before and is no change.
/// </summary>
internal sealed class RuleAliases
{
    private readonly Dictionary<RuleId, RuleId> _before = [];
    private readonly Dictionary<Decisions, Decisions> _decisions = new(ReferenceEqualityComparer.Instance);

    internal RuleAliases(CompiledState before, CompiledState after)
    {
        foreach (var (id, policy) in after.Policies)
        {
            if (!before.Policies.TryGetValue(id, out var old) || old.Tier != policy.Tier) continue;
            Match(old.Ingress, policy.Ingress);
            Match(old.Egress, policy.Egress);
        }
        // What a staged policy says as its counterpart did is no change once it takes the counterpart's place.
        foreach (var (id, policy) in after.StagedPolicies)
        {
            if (!before.Policies.TryGetValue(id.Counterpart, out var old) || old.Tier != policy.Tier) continue;
            Match(old.Ingress, policy.Ingress);
            Match(old.Egress, policy.Egress);
        }
        foreach (var (id, profile) in after.Profiles)
        {
            if (!before.Profiles.TryGetValue(id, out var old)) continue;
            Match(old.Ingress, profile.Ingress);
            Match(old.Egress, profile.Egress);
        }
    }

    /// <summary>A ruling after, in the names of before.</summary>
    internal Ruling Of(Ruling after) =>
        after.Decider is not { } id ? after
        // The end of a tier is named by its last policy; that another one is last now changes nothing.
        : after.Reason == VerdictReason.EndOfTier ? after with { Decider = id with { Policy = default } }
        : _before.TryGetValue(id, out var alias) ? after with { Decider = alias } : after;

    /// <summary>A ruling before, made comparable with what <see cref="Of(Ruling)"/> returns.</summary>
    internal static Ruling Plain(Ruling before) =>
        before is { Reason: VerdictReason.EndOfTier, Decider: { } id } ? before with { Decider = id with { Policy = default } } : before;

    /// <summary>Whether decisions before and after are the same, rule by rule.</summary>
    internal bool Same(Decisions before, Decisions after) => Normal(before, Plain).Equals(Normal(after, Of));

    private Decisions Normal(Decisions decisions, Func<Ruling, Ruling> name)
    {
        // An object of decisions belongs to one world, so one dictionary is enough.
        if (!_decisions.TryGetValue(decisions, out var normal))
            _decisions.Add(decisions, normal = new Decisions(decisions.Allowed.Family, decisions.Regions.Select(r => (r.Packets, name(r.Ruling)))));
        return normal;
    }

    private void Match(ImmutableArray<PolicyRule> before, ImmutableArray<PolicyRule> after)
    {
        var left = before.Where(b => b.Id.Index >= 0).ToList();
        foreach (var rule in after)
        {
            // The same position first: most rules do not move.
            int at = left.FindIndex(b => b.Id == rule.Id && Same(b, rule));
            if (at < 0) at = left.FindIndex(b => Same(b, rule));
            if (at < 0) continue;
            _before.TryAdd(rule.Id, left[at].Id);
            left.RemoveAt(at);
        }
    }

    private static bool Same(PolicyRule before, PolicyRule after) => (before with { Id = default }).Equals(after with { Id = default });
}
