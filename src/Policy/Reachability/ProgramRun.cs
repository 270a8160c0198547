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
    /// <param name="matches">For each rule of the program, in order, the packets that it matches between these ends; null for none.</param>
    /// <param name="packets">The packets.</param>
    /// <param name="observer">Told of what each rule takes: number of the rule, what it matches, what is left for it.</param>
    internal static Decisions Decide(PolicyProgram program, PacketSet?[] matches, PacketSet packets, Action<int, PacketSet, PacketSet>? observer = null)
    {
        var regions = new List<(PacketSet, Ruling)>();
        var family = packets.Family;
        int number = 0, at = 0;
        Dictionary<int, PacketSet>? later = null;
        foreach (var stage in program.Stages)
        {
            if (later is not null && later.Remove(at, out var arrived)) packets = packets.Or(arrived);
            at++;
            var passed = PacketSet.Empty(family);
            foreach (var rule in stage.Rules)
            {
                var match = matches[number++];
                if (match is null || (observer is null && packets.IsEmpty)) continue;
                var taken = match.And(packets);
                observer?.Invoke(number - 1, match, taken);
                if (taken.IsEmpty || rule.Action == RuleAction.Log) continue;
                packets = packets.Except(taken);
                switch (rule.Action)
                {
                    // A profile has no tier to pass from: there only Allow lets packets through.
                    case RuleAction.Pass when !stage.IsProfiles: passed = passed.Or(taken); break;
                    case RuleAction.Allow when stage.AllowedGoTo is { } next:
                        later ??= [];
                        later[next] = later.TryGetValue(next, out var others) ? others.Or(taken) : taken;
                        break;
                    case RuleAction.Allow when stage.AllowedAs is { } ruling: regions.Add((taken, ruling)); break;
                    case RuleAction.Allow or RuleAction.Deny or RuleAction.Pass:
                        regions.Add((taken, new Ruling(rule.Action == RuleAction.Allow, VerdictReason.Rule, rule.Id)));
                        break;
                    default: throw new UnreachableException($"No meaning for {rule.Action}.");
                }
            }
            if (stage.End is { } end)
            {
                if (!packets.IsEmpty) regions.Add((packets, end));
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
