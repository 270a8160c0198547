using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability;

/// <summary>What can be wrong with a rule although it is understood.</summary>
public enum RuleFault
{
    /// <summary>No packet between any two ends that there are matches it.</summary>
    MatchesNothing,

    /// <summary>What it matches is always decided before it is reached.</summary>
    Shadowed,

    /// <summary>Without it every verdict would be the same.</summary>
    Redundant,

    /// <summary>It lets every address that nothing mentions in (or out) on every TCP port.</summary>
    TooBroad,
}

/// <summary>A rule with a fault.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Action">Its action.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="By">For a shadowed rule, rules that take what it matches; the end of a tier has index -1.</param>
public sealed record RuleFinding(RuleId Rule, RuleAction Action, RuleFault Fault, ImmutableArray<RuleId> By);

/// <summary>
/// Finds rules that do nothing, or too much. A rule counts by all endpoints whose policy has it, in both families; the rules
/// that one rule of a resource expands to count as one.
/// </summary>
public static class RuleHygiene
{
    private const int MostNamed = 4;

    private sealed class Tally
    {
        public RuleAction Action;
        public bool Matches;
        public bool Takes;
        public bool Matters;
        public bool Broad;
        public readonly List<RuleId> By = [];
    }

    /// <summary>Looks at every rule that an endpoint uses; rules of profiles, and rules about HTTP requests, are left out.</summary>
    public static IReadOnlyList<RuleFinding> Find(PolicyReach reach, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(reach);
        var tallies = new Dictionary<RuleId, Tally>();
        foreach (var family in reach.Families)
        {
            foreach (var (program, atoms) in family.Programs)
            {
                stop.ThrowIfCancellationRequested();
                var ofRules = program.Rules.Select(r => Of(r.Rule, tallies)).ToArray();
                foreach (var own in program.Owns(atoms))
                {
                    var peers = program.Split(own);
                    int elsewhere = peers.Of(family.Atoms.Elsewhere);
                    for (int group = 0; group < peers.Count; group++) Look(program, peers.Hits(group), group == elsewhere, ofRules);
                }
            }
        }
        return [.. tallies.OrderBy(t => t.Key.ToString(), StringComparer.Ordinal).SelectMany(t => Judge(t.Key, t.Value))];
    }

    /// <summary>The tally of a rule, shared by those that one rule of a resource expands to; null for rules that are left out.</summary>
    private static Tally? Of(PolicyRule rule, Dictionary<RuleId, Tally> tallies)
    {
        if (rule.Id.Policy.Kind == PolicyKind.Profile || rule.Http is not null) return null;
        if (!tallies.TryGetValue(rule.Id, out var tally)) tallies.Add(rule.Id, tally = new Tally { Action = rule.Action });
        return tally;
    }

    private static IEnumerable<RuleFinding> Judge(RuleId rule, Tally tally)
    {
        if (!tally.Matches) yield return new RuleFinding(rule, tally.Action, RuleFault.MatchesNothing, []);
        else if (!tally.Takes) yield return new RuleFinding(rule, tally.Action, RuleFault.Shadowed, [.. tally.By]);
        else if (!tally.Matters && tally.Action != RuleAction.Log) yield return new RuleFinding(rule, tally.Action, RuleFault.Redundant, []);
        if (tally.Broad) yield return new RuleFinding(rule, tally.Action, RuleFault.TooBroad, []);
    }

    /// <summary>One run of a program, between one kind of endpoint and one group of other ends.</summary>
    private static void Look(ProgramSpecializer program, RuleHit[] hits, bool isElsewhere, Tally?[] tallies)
    {
        var family = program.Family;
        var taken = new PacketSet[hits.Length];
        Array.Fill(taken, PacketSet.Empty(family));
        ProgramRun.Decide(program.Program, hits, PacketSet.All(family), (hit, took) =>
        {
            taken[hit] = took;
            if (tallies[hits[hit].Rule] is not { } tally) return;
            tally.Matches = true;
            tally.Takes |= !took.IsEmpty;
            tally.Broad |= isElsewhere && tally.Action == RuleAction.Allow && PacketSet.OfProtocol(family, 6).Except(took).IsEmpty;
            if (took.IsEmpty && !tally.Takes && tally.By.Count < MostNamed) Blame(tally, program, hits, hit, taken);
        });
        for (int hit = 0; hit < hits.Length; hit++)
            if (!taken[hit].IsEmpty && tallies[hits[hit].Rule] is { Matters: false } tally) tally.Matters = Changes(program, hits, tallies, tally, taken[hit]);
    }

    /// <summary>Notes who took what a rule matches; the end of an earlier tier when no rule did.</summary>
    private static void Blame(Tally tally, ProgramSpecializer program, RuleHit[] hits, int hit, PacketSet[] taken)
    {
        var left = hits[hit].Packets;
        for (int i = 0; i < hit && !left.IsEmpty && tally.By.Count < MostNamed; i++)
        {
            var rule = program.Rules[hits[i].Rule].Rule;
            if (rule.Action == RuleAction.Log || taken[i].And(left).IsEmpty) continue;
            left = left.Except(taken[i]);
            if (!tally.By.Contains(rule.Id)) tally.By.Add(rule.Id);
        }
        if (left.IsEmpty || tally.By.Count >= MostNamed) return;
        foreach (var stage in program.Program.Stages)
        {
            if (stage.Rules.Any(r => ReferenceEquals(r, program.Rules[hits[hit].Rule].Rule))) break;
            if (stage.End?.Decider is { } end && !tally.By.Contains(end)) tally.By.Add(end);
        }
    }

    /// <summary>Whether a verdict about packets that a rule takes would be another one without the rule.</summary>
    private static bool Changes(ProgramSpecializer program, RuleHit[] hits, Tally?[] tallies, Tally rule, PacketSet packets)
    {
        var without = Array.FindAll(hits, hit => !ReferenceEquals(tallies[hit.Rule], rule));
        return !ProgramRun.Decide(program.Program, hits, packets).Allowed.Equals(ProgramRun.Decide(program.Program, without, packets).Allowed);
    }
}
