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
                    foreach (var peers in program.Split(own))
                        Look(program, program.At(own, peers.First), peers.Contains(family.Atoms.Elsewhere), ofRules);
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
    private static void Look(ProgramSpecializer program, PacketSet?[] matches, bool isElsewhere, Tally?[] tallies)
    {
        var rules = program.Rules;
        for (int i = 0; i < tallies.Length; i++)
            if (tallies[i] is { Matches: false } tally) tally.Matches = matches[i] is { IsEmpty: false };

        var family = program.Family;
        var taken = new PacketSet?[rules.Count];
        ProgramRun.Decide(program.Program, matches, PacketSet.All(family), (i, match, took) =>
        {
            taken[i] = took;
            if (tallies[i] is not { } tally) return;
            tally.Takes |= !took.IsEmpty;
            tally.Broad |= isElsewhere && tally.Action == RuleAction.Allow && PacketSet.OfProtocol(family, 6).Except(took).IsEmpty;
            if (took.IsEmpty && !match.IsEmpty && !tally.Takes && tally.By.Count < MostNamed) Blame(tally, program, i, match, taken);
        });
        for (int i = 0; i < tallies.Length; i++)
        {
            if (taken[i] is { IsEmpty: false } share && tallies[i] is { Matters: false } tally) tally.Matters = Changes(program, matches, tallies, tally, share);
        }
    }

    /// <summary>Notes who took what a rule matches; the end of an earlier tier when no rule did.</summary>
    private static void Blame(Tally tally, ProgramSpecializer program, int rule, PacketSet match, PacketSet?[] taken)
    {
        var left = match;
        for (int i = 0; i < rule && !left.IsEmpty && tally.By.Count < MostNamed; i++)
        {
            if (taken[i] is not { } share || program.Rules[i].Rule.Action == RuleAction.Log || share.And(left).IsEmpty) continue;
            left = left.Except(share);
            if (!tally.By.Contains(program.Rules[i].Rule.Id)) tally.By.Add(program.Rules[i].Rule.Id);
        }
        if (left.IsEmpty || tally.By.Count >= MostNamed) return;
        foreach (var stage in program.Program.Stages)
        {
            if (stage.Rules.Any(r => ReferenceEquals(r, program.Rules[rule].Rule))) break;
            if (stage.End?.Decider is { } end && !tally.By.Contains(end)) tally.By.Add(end);
        }
    }

    /// <summary>Whether a verdict about packets that a rule takes would be another one without the rule.</summary>
    private static bool Changes(ProgramSpecializer program, PacketSet?[] matches, Tally?[] tallies, Tally rule, PacketSet packets)
    {
        var without = new PacketSet?[matches.Length];
        for (int i = 0; i < matches.Length; i++) without[i] = ReferenceEquals(tallies[i], rule) ? null : matches[i];
        return !ProgramRun.Decide(program.Program, matches, packets).Allowed.Equals(ProgramRun.Decide(program.Program, without, packets).Allowed);
    }
}
