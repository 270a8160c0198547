using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>A host endpoint whose policy differs in a way that no pair of a comparison shows.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="OnlyForwarded">
/// True when what differs is its say about packets that the host forwards; false when nothing of its policy was compared.
/// </param>
public readonly record struct UncomparedHost(HostEndpointId Endpoint, bool OnlyForwarded);

/// <summary>
/// Which host endpoints have another policy in another world that is not part of the comparison: what hosts say about packets
/// that they forward, and hosts of which the addresses are not certain. It must be said all the same.
/// </summary>
public static class HostDifference
{
    /// <summary>The host endpoints, in order of name.</summary>
    public static ImmutableArray<UncomparedHost> Find(CompiledState before, CompiledState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var hosts = new JointHosts(before, after);
        var worlds = new Worlds(before, after);
        return
        [
            .. before.HostEndpoints.Keys.Union(after.HostEndpoints.Keys).OrderBy(id => id.Name, StringComparer.Ordinal)
                .Select(id => (Id: id, Old: before.HostEndpoints.GetValueOrDefault(id), Now: after.HostEndpoints.GetValueOrDefault(id)))
                .Select(e => (e.Id, e.Old, e.Now, IsCompared: hosts.IsCertain((e.Old ?? e.Now)!.Node) && hosts.IsCertain((e.Now ?? e.Old)!.Node)))
                .Where(e => e.IsCompared ? ForwardedDiffers(e.Old, e.Now, worlds) : Differs(e.Old, e.Now, worlds))
                .Select(e => new UncomparedHost(e.Id, e.IsCompared)),
        ];
    }

    private static bool ForwardedDiffers(HostEndpointUpdate? old, HostEndpointUpdate? now, Worlds worlds) =>
        !(ForForwarded(old).SequenceEqual(ForForwarded(now)) && worlds.HaveSameRules(ForForwarded(now)))
        || ((ForForwarded(old).Any(h => !h.IsEmpty) || ForForwarded(now).Any(h => !h.IsEmpty)) && (old?.InterfaceName != now?.InterfaceName || old?.Node != now?.Node));

    private static HookTiers[] ForForwarded(HostEndpointUpdate? endpoint) => endpoint is null ? [HookTiers.None, HookTiers.None, HookTiers.None] : [endpoint.Untracked, endpoint.PreDnat, endpoint.Forward];

    private static bool Differs(HostEndpointUpdate? old, HostEndpointUpdate? now, Worlds worlds)
    {
        // What is staged decides nothing.
        if (old is null || now is null || !(old with { Staged = null }).Equals(now with { Staged = null })) return true;
        return !worlds.HaveSameRules([now.Untracked, now.PreDnat, now.Normal, now.Forward]) || !now.Profiles.All(worlds.HaveSameProfile);
    }

    /// <summary>Both worlds, with what was found out about them: many host endpoints have the same policies.</summary>
    private sealed class Worlds(CompiledState before, CompiledState after)
    {
        private readonly Dictionary<PolicyId, bool> _policies = [];
        private readonly Dictionary<PolicyId, bool> _profiles = [];

        public bool HaveSameRules(IEnumerable<HookTiers> hooks) => hooks.SelectMany(hook => hook.Ingress.Concat(hook.Egress)).SelectMany(tier => tier.Policies).All(HaveSamePolicy);

        public bool HaveSameProfile(PolicyId id)
        {
            if (!_profiles.TryGetValue(id, out bool same))
                _profiles.Add(id, same = SameList(before.Profiles[id].Ingress, after.Profiles[id].Ingress) && SameList(before.Profiles[id].Egress, after.Profiles[id].Egress));
            return same;
        }

        private bool HaveSamePolicy(PolicyId id)
        {
            if (!_policies.TryGetValue(id, out bool same))
            {
                same = SameList(before.RulesOf(id, PolicyDirection.Ingress), after.RulesOf(id, PolicyDirection.Ingress))
                    && SameList(before.RulesOf(id, PolicyDirection.Egress), after.RulesOf(id, PolicyDirection.Egress));
                _policies.Add(id, same);
            }
            return same;
        }

        private bool SameList(ImmutableArray<PolicyRule> a, ImmutableArray<PolicyRule> b) =>
            a.SequenceEqual(b) && b.SelectMany(Sets).Distinct().All(id => before.Set(id).Members.SequenceEqual(after.Set(id).Members));
    }

    private static IEnumerable<IpSetId> Sets(PolicyRule rule) => new[] { rule.Source, rule.Destination }.SelectMany(side =>
        side.IpSets.Concat(side.NotIpSets).Concat(side.NamedPortSets).Concat(side.NotNamedPortSets).Concat(side.ServiceSet is { } service ? [service] : []));
}
