using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// Which host endpoints have another policy in another world. Who can reach whom is calculated for pods; that a host's policy
/// is not what it was must be said all the same.
/// </summary>
public static class HostDifference
{
    /// <summary>The host endpoints that come, go, or whose policies, profiles or sets differ, in order of name.</summary>
    public static ImmutableArray<HostEndpointId> Find(CompiledState before, CompiledState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return
        [
            .. before.HostEndpoints.Keys.Union(after.HostEndpoints.Keys)
                .Where(id => Differs(before.HostEndpoints.GetValueOrDefault(id), after.HostEndpoints.GetValueOrDefault(id), before, after))
                .OrderBy(id => id.Name, StringComparer.Ordinal),
        ];
    }

    private static bool Differs(HostEndpointUpdate? old, HostEndpointUpdate? now, CompiledState before, CompiledState after)
    {
        // What is staged decides nothing.
        if (old is null || now is null || !(old with { Staged = null }).Equals(now with { Staged = null })) return true;
        return !Policies(now).All(id => SameRules(id, PolicyDirection.Ingress) && SameRules(id, PolicyDirection.Egress))
            || !now.Profiles.All(id => SameList(before.Profiles[id].Ingress, after.Profiles[id].Ingress) && SameList(before.Profiles[id].Egress, after.Profiles[id].Egress));

        bool SameRules(PolicyId id, PolicyDirection direction) => SameList(before.RulesOf(id, direction), after.RulesOf(id, direction));

        bool SameList(ImmutableArray<PolicyRule> a, ImmutableArray<PolicyRule> b) => a.SequenceEqual(b) && b.SelectMany(Sets).Distinct().All(SameSet);

        bool SameSet(IpSetId id) => before.Set(id).Members.SequenceEqual(after.Set(id).Members);
    }

    private static IEnumerable<PolicyId> Policies(HostEndpointUpdate endpoint) =>
        new[] { endpoint.Untracked, endpoint.PreDnat, endpoint.Normal, endpoint.Forward }
            .SelectMany(hook => hook.Ingress.Concat(hook.Egress)).SelectMany(tier => tier.Policies).Distinct();

    private static IEnumerable<IpSetId> Sets(PolicyRule rule) => new[] { rule.Source, rule.Destination }.SelectMany(side =>
        side.IpSets.Concat(side.NotIpSets).Concat(side.NamedPortSets).Concat(side.NotNamedPortSets).Concat(side.ServiceSet is { } service ? [service] : []));
}
