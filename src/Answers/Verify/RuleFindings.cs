using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Reachability;

namespace Margay.Answers.Verify;

/// <summary>Faults of rules and policies, in words and with their place.</summary>
internal static class RuleFindings
{
    internal static IEnumerable<Finding> Find(PolicyWorld world, PolicyReach reach, CancellationToken stop)
    {
        var unused = Unused(world).ToArray();
        var unjudged = HostCoverage.Unjudged(world.State);
        var faults = RuleHygiene.Find(reach, stop).Where(f => world.Places.Find(f.Rule.Policy) is not null && !unjudged.Contains(f.Rule.Policy)).Select(f => Describe(world, f));
        return unused.Concat(faults).OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Object, StringComparer.Ordinal);
    }

    /// <summary>Policies that select no pod: they do nothing, and their rules are not looked at.</summary>
    private static IEnumerable<Finding> Unused(PolicyWorld world)
    {
        foreach (var found in world.Objects.Objects)
        {
            PolicyId? id = found.Value switch
            {
                NetworkPolicy p => new PolicyId(PolicyKind.NetworkPolicy, p.Metadata.Namespace!, p.Metadata.Name!),
                // Policies for hosts select no pod, and are not meant to.
                GlobalNetworkPolicy { Spec: { DoNotTrack: not true, PreDNAT: not true, ApplyOnForward: not true } } p => new PolicyId(PolicyKind.GlobalNetworkPolicy, "", p.Metadata.Name!),
                ClusterNetworkPolicy p => new PolicyId(PolicyKind.ClusterNetworkPolicy, "", p.Metadata.Name!),
                KubeNetworkPolicy p => new PolicyId(PolicyKind.KubernetesNetworkPolicy, p.Metadata.Namespace!, p.Metadata.Name!),
                _ => null,
            };
            if (id is not { } policy || world.State.Policies.ContainsKey(policy)) continue;
            yield return At(found, "spec") with
            {
                Rule = "unused-policy",
                Level = FindingLevel.Warning,
                Message = "selects no pod: correct its selector or remove it",
            };
        }
    }

    private static Finding Describe(PolicyWorld world, RuleFinding fault)
    {
        var found = world.Places.Find(fault.Rule.Policy)!;
        var (rule, level, message) = fault.Fault switch
        {
            RuleFault.MatchesNothing => ("unreachable-rule", FindingLevel.Warning,
                "matches nothing: no pod, network set or address that there is fits it; correct its peers, or remove it"),
            RuleFault.Shadowed => ("shadowed-rule", FindingLevel.Warning,
                $"never decides: what it matches is always decided before, by {Names(world, fault)}; move it up, or remove it"),
            RuleFault.Redundant => ("redundant-rule", FindingLevel.Note,
                $"without this {fault.Action} every verdict would be the same; remove it unless it is there for its readers"),
            _ => ("broad-rule", FindingLevel.Warning,
                $"lets every address {(fault.Rule.Direction == PolicyDirection.Ingress ? "in" : "out")} on every TCP port; name the peers or the ports"),
        };
        return At(found, RulePlaces.PathOf(fault.Rule)) with { Rule = rule, Level = level, Message = message };
    }

    private static string Names(PolicyWorld world, RuleFinding fault) =>
        fault.By.IsEmpty ? "rules before it" : string.Join(", ", fault.By.Select(by => by.Index < 0 ? $"the end of tier {by.Tier}" : world.Places.Describe(by) is { } place ? $"{by} ({place})" : by.ToString()));

    private static Finding At(LocatedResource found, string path) => new()
    {
        Rule = "",
        Level = FindingLevel.Note,
        Message = "",
        Object = found.Value.Key.ToString(),
        Field = path,
        File = found.Place.File,
        Line = found.Place.LineOf(path),
    };
}
