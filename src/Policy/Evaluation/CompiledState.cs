using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>What a data plane knows: the sum of the records that it was told.</summary>
public sealed class CompiledState
{
    private readonly Dictionary<IpSetId, IpSetContent> _sets = [];
    private readonly Dictionary<PolicyId, PolicyUpdate> _policies = [];
    private readonly Dictionary<PolicyId, StagedPolicyUpdate> _staged = [];
    private readonly Dictionary<PolicyId, ProfileUpdate> _profiles = [];
    private readonly Dictionary<EndpointId, WorkloadEndpointUpdate> _endpoints = [];
    private readonly Dictionary<HostEndpointId, HostEndpointUpdate> _hosts = [];
    private PoolsUpdate? _pools;
    private NodeSettings? _settings;

    /// <summary>The endpoints.</summary>
    public IReadOnlyDictionary<EndpointId, WorkloadEndpointUpdate> Endpoints => _endpoints;

    /// <summary>The host endpoints.</summary>
    public IReadOnlyDictionary<HostEndpointId, HostEndpointUpdate> HostEndpoints => _hosts;

    /// <summary>The settings of the node; null before they were told.</summary>
    public NodeSettings? Settings => _settings;

    /// <summary>The policies.</summary>
    public IReadOnlyDictionary<PolicyId, PolicyUpdate> Policies => _policies;

    /// <summary>The staged policies.</summary>
    public IReadOnlyDictionary<PolicyId, StagedPolicyUpdate> StagedPolicies => _staged;

    /// <summary>The profiles.</summary>
    public IReadOnlyDictionary<PolicyId, ProfileUpdate> Profiles => _profiles;

    /// <summary>Applies records in their order. Records about other things (routes) are passed over.</summary>
    /// <exception cref="InvalidOperationException">A difference to a set does not fit the set: records were lost.</exception>
    public void Apply(IEnumerable<DataplaneUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        foreach (var update in updates) Apply(update);
    }

    /// <summary>Everything, in a fixed order: two states are the same when these are.</summary>
    public IReadOnlyList<DataplaneUpdate> Snapshot() =>
    [
        .. _settings is null ? [] : new DataplaneUpdate[] { _settings },
        .. _pools is null ? [] : new DataplaneUpdate[] { _pools },
        .. _sets.OrderBy(s => s.Key.Value, StringComparer.Ordinal).Select(s => new IpSetUpdate(s.Key, s.Value.Kind, [.. s.Value.Members])),
        .. _policies.OrderBy(p => p.Key.ToString(), StringComparer.Ordinal).Select(p => p.Value),
        .. _staged.OrderBy(p => p.Key.ToString(), StringComparer.Ordinal).Select(p => p.Value),
        .. _profiles.OrderBy(p => p.Key.ToString(), StringComparer.Ordinal).Select(p => p.Value),
        .. _endpoints.OrderBy(e => e.Key.ToString(), StringComparer.Ordinal).Select(e => e.Value),
        .. _hosts.OrderBy(e => e.Key.Name, StringComparer.Ordinal).Select(e => e.Value),
    ];

    /// <summary>A set that a rule refers to.</summary>
    /// <exception cref="InvalidOperationException">There is no such set: the order of the records was broken.</exception>
    internal IpSetContent Set(IpSetId id) =>
        _sets.TryGetValue(id, out var set) ? set : throw new InvalidOperationException($"A rule refers to the IP set {id}, which does not exist.");

    /// <summary>The sets.</summary>
    internal IReadOnlyDictionary<IpSetId, IpSetContent> Sets => _sets;

    /// <summary>The rules of an enforced or staged policy in one direction.</summary>
    internal ImmutableArray<PolicyRule> RulesOf(PolicyId id, PolicyDirection direction)
    {
        if (id.IsStaged) return direction == PolicyDirection.Ingress ? _staged[id].Ingress : _staged[id].Egress;
        return direction == PolicyDirection.Ingress ? _policies[id].Ingress : _policies[id].Egress;
    }

    /// <summary>Whether there is such a set.</summary>
    internal bool HasSet(IpSetId id) => _sets.ContainsKey(id);

    private void Apply(DataplaneUpdate update)
    {
        switch (update)
        {
            case IpSetUpdate u: _sets[u.Id] = new IpSetContent(u.Kind, u.Members); break;
            case IpSetDelta u when !Set(u.Id).Apply(u): throw new InvalidOperationException($"The difference to {u.Id} does not fit.");
            case IpSetRemove u: _sets.Remove(u.Id); break;
            case PolicyUpdate u: _policies[u.Id] = u; break;
            case PolicyRemove u: _policies.Remove(u.Id); break;
            case StagedPolicyUpdate u: _staged[u.Id] = u; break;
            case StagedPolicyRemove u: _staged.Remove(u.Id); break;
            case ProfileUpdate u: _profiles[u.Id] = u; break;
            case ProfileRemove u: _profiles.Remove(u.Id); break;
            case WorkloadEndpointUpdate u: _endpoints[u.Id] = u; break;
            case WorkloadEndpointRemove u: _endpoints.Remove(u.Id); break;
            case HostEndpointUpdate u: _hosts[u.Id] = u; break;
            case HostEndpointRemove u: _hosts.Remove(u.Id); break;
            case PoolsUpdate u: _pools = u; break;
            case NodeSettings u: _settings = u; break;
        }
    }
}
