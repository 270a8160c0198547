using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>A data plane that believes nothing: it checks that every record may come where it comes.</summary>
internal sealed class Replay
{
    private readonly Dictionary<IpSetId, IpSetUpdate> _sets = [];
    private readonly Dictionary<PolicyId, IEnumerable<PolicyRule>> _policies = [];
    private readonly Dictionary<EndpointId, WorkloadEndpointUpdate> _endpoints = [];
    private readonly Dictionary<HostEndpointId, HostEndpointUpdate> _hosts = [];

    public CompiledState State { get; } = new();

    public void Apply(IReadOnlyList<DataplaneUpdate> updates)
    {
        var told = new HashSet<object>();
        foreach (var update in updates)
        {
            Check(update);
            Assert.True(told.Add(KeyOf(update)), $"told twice in one go: {update}");
            State.Apply([update]);
        }
        Assert.All(_sets.Keys, id => Assert.Contains(id, UsedSets()));
    }

    private IEnumerable<IpSetId> UsedSets() => _policies.Values.SelectMany(r => r).SelectMany(SetsOf);

    private void Check(DataplaneUpdate update)
    {
        switch (update)
        {
            case IpSetUpdate u:
                Assert.False(_sets.ContainsKey(u.Id), "a set that exists is told as a difference");
                Assert.Equal(u.Members.Distinct().Order(), u.Members);
                _sets.Add(u.Id, u);
                break;
            case IpSetDelta u:
                Assert.True(_sets.ContainsKey(u.Id));
                Assert.True(u.Added.Length + u.Removed.Length > 0, "an empty difference");
                break;
            case IpSetRemove u:
                Assert.DoesNotContain(u.Id, UsedSets());
                Assert.True(_sets.Remove(u.Id));
                break;
            case PolicyUpdate u:
                Assert.False(u.Id.IsStaged);
                CheckRules(u.Id, u.Tier, [.. u.Ingress, .. u.Egress]);
                break;
            case ProfileUpdate u:
                CheckRules(u.Id, "", [.. u.Ingress, .. u.Egress]);
                break;
            case StagedPolicyUpdate u:
                Assert.True(u.Id.IsStaged);
                CheckRules(u.Id, u.Tier, [.. u.Ingress, .. u.Egress]);
                break;
            case PolicyRemove u:
                Forget(u.Id);
                break;
            case StagedPolicyRemove u:
                Forget(u.Id);
                break;
            case ProfileRemove u:
                Forget(u.Id);
                break;
            case WorkloadEndpointUpdate u:
                Assert.All(PoliciesOf(u), p => Assert.True(_policies.ContainsKey(p), $"{u.Id} refers to {p}"));
                Assert.All(u.IngressTiers.Concat(u.EgressTiers), t => Assert.NotEmpty(t.Policies));
                Assert.DoesNotContain(u.IngressTiers.Concat(u.EgressTiers).SelectMany(t => t.Policies), p => p.IsStaged);
                _endpoints[u.Id] = u;
                break;
            case WorkloadEndpointRemove u:
                Assert.True(_endpoints.Remove(u.Id));
                break;
            case HostEndpointUpdate u:
                Assert.All(PoliciesOf(u), p => Assert.True(_policies.ContainsKey(p), $"{u.Id} refers to {p}"));
                Assert.True(u.PreDnat.Egress.IsEmpty);
                _hosts[u.Id] = u;
                break;
            case HostEndpointRemove u:
                Assert.True(_hosts.Remove(u.Id));
                break;
        }
    }

    private void CheckRules(PolicyId id, string tier, IReadOnlyList<PolicyRule> rules)
    {
        Assert.All(rules, r => Assert.Equal((id, tier), (r.Id.Policy, r.Id.Tier)));
        Assert.All(rules.SelectMany(SetsOf), s => Assert.True(_sets.ContainsKey(s), $"{id} refers to the set {s}"));
        _policies[id] = rules;
    }

    private void Forget(PolicyId id)
    {
        Assert.DoesNotContain(id, _endpoints.Values.SelectMany(PoliciesOf));
        Assert.DoesNotContain(id, _hosts.Values.SelectMany(PoliciesOf));
        Assert.True(_policies.Remove(id));
    }

    private static IEnumerable<PolicyId> PoliciesOf(WorkloadEndpointUpdate endpoint) =>
        endpoint.IngressTiers.Concat(endpoint.EgressTiers).Concat(endpoint.Staged?.Tiers.Ingress ?? []).Concat(endpoint.Staged?.Tiers.Egress ?? [])
            .SelectMany(t => t.Policies).Concat(endpoint.Profiles);

    private static IEnumerable<PolicyId> PoliciesOf(HostEndpointUpdate endpoint) =>
        new[] { endpoint.Untracked, endpoint.PreDnat, endpoint.Normal, endpoint.Forward, endpoint.Staged?.Untracked, endpoint.Staged?.PreDnat, endpoint.Staged?.Normal, endpoint.Staged?.Forward }
            .OfType<HookTiers>().SelectMany(h => h.Ingress.Concat(h.Egress)).SelectMany(t => t.Policies).Concat(endpoint.Profiles);

    private static IEnumerable<IpSetId> SetsOf(PolicyRule rule) => SetsOf(rule.Source).Concat(SetsOf(rule.Destination));

    private static IEnumerable<IpSetId> SetsOf(EntityMatch side) =>
        [.. side.IpSets, .. side.NotIpSets, .. side.NamedPortSets, .. side.NotNamedPortSets, .. side.ServiceSet is { } service ? [service] : Array.Empty<IpSetId>()];

    private static object KeyOf(DataplaneUpdate update) => update switch
    {
        IpSetUpdate u => u.Id,
        IpSetDelta u => u.Id,
        IpSetRemove u => u.Id,
        HostEndpointUpdate u => u.Id,
        HostEndpointRemove u => u.Id,
        PolicyUpdate u => u.Id,
        PolicyRemove u => u.Id,
        StagedPolicyUpdate u => u.Id,
        StagedPolicyRemove u => u.Id,
        ProfileUpdate u => u.Id,
        ProfileRemove u => u.Id,
        WorkloadEndpointUpdate u => u.Id,
        WorkloadEndpointRemove u => u.Id,
        _ => update.GetType(),
    };
}
