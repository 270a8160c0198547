using System.Diagnostics;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability;

/// <summary>
/// Runs a whole region of packets through a program at once: each rule takes its share of what no rule before it took.
/// </summary>
internal static class ProgramRun
{
    /// <summary>Decides about packets.</summary>
    /// <param name="program">The program.</param>
    /// <param name="hits">What the rules match between these ends, in order; the others match nothing.</param>
    /// <param name="packets">The packets.</param>
    /// <param name="observer">Told of what each of the hits takes: its place among them, and what is left for it.</param>
    internal static Decisions Decide(PolicyProgram program, RuleHit[] hits, PacketSet packets, Action<int, PacketSet>? observer = null)
    {
        var regions = new List<(PacketSet, Ruling)>();
        var family = packets.Family;
        int next = 0, end = 0, at = 0;
        Dictionary<int, PacketSet>? later = null;
        foreach (var stage in program.Stages)
        {
            if (later is not null && later.Remove(at, out var arrived)) packets = packets.Or(arrived);
            at++;
            var passed = PacketSet.Empty(family);
            int begin = end;
            end += stage.Rules.Length;
            for (; next < hits.Length && hits[next].Rule < end; next++)
            {
                if (observer is null && packets.IsEmpty) continue;
                var rule = stage.Rules[hits[next].Rule - begin];
                var taken = hits[next].Packets.And(packets);
                observer?.Invoke(next, taken);
                if (taken.IsEmpty || rule.Action == RuleAction.Log) continue;
                packets = packets.Except(taken);
                switch (rule.Action)
                {
                    // A profile has no tier to pass from: there only Allow lets packets through.
                    case RuleAction.Pass when !stage.IsProfiles: passed = passed.Or(taken); break;
                    case RuleAction.Allow when stage.AllowedGoTo is { } goal:
                        later ??= [];
                        later[goal] = later.TryGetValue(goal, out var others) ? others.Or(taken) : taken;
                        break;
                    case RuleAction.Allow when stage.AllowedAs is { } ruling: regions.Add((taken, ruling)); break;
                    case RuleAction.Allow or RuleAction.Deny or RuleAction.Pass:
                        regions.Add((taken, new Ruling(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id)));
                        break;
                    default: throw new UnreachableException($"No meaning for {rule.Action}.");
                }
            }
            if (stage.End is { } ruled)
            {
                if (!packets.IsEmpty) regions.Add((packets, ruled));
                packets = passed;
            }
            else
            {
                packets = packets.Or(passed);
            }
        }
        return new Decisions(family, regions);
    }
}
