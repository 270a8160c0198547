using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// Turns the resources of the cluster into what the data plane of one node needs: active policies, profiles and IP sets, and
/// the node's endpoints. Pure: no I/O, no clock, no threads (calls must not overlap). What it says depends on the resources
/// that are there, never on the way they came.
/// </summary>
public sealed class PolicyGraph
{
    private readonly LabelPool _pool = new();
    private readonly ServiceTable _services = new();
    private readonly NodeTable _nodes = new();
    private readonly TierTable _tiers = new();
    private readonly IpSetTable _sets;
    private readonly ProfileTable _profiles;
    private readonly PolicyTable _policies;
    private readonly TimedPolicies _timed;
    private readonly PodTable _pods;
    private readonly NetworkSetTable _networkSets;
    private readonly HostEndpointTable _hosts;
    private readonly SettingsTable _settings;
    private Label[] _labels = new Label[32];
    private bool _inSync;
    private bool _saidInSync;

    /// <summary>An empty graph.</summary>
    /// <param name="nodeName">
    /// The node, for its own FelixConfiguration <c>node.NAME</c> and its host endpoints; empty for those of every node.
    /// </param>
    /// <param name="interfacePrefix">What pod interfaces start with when no FelixConfiguration says it; null for the contract's default.</param>
    public PolicyGraph(string nodeName, string? interfacePrefix = null)
        : this(nodeName, 2048, interfacePrefix)
    {
    }

    /// <param name="nodeName">The node.</param>
    /// <param name="unpackedPolicies">How many policies that are not in use are kept as objects.</param>
    /// <param name="interfacePrefix">As above.</param>
    internal PolicyGraph(string nodeName, int unpackedPolicies, string? interfacePrefix = null)
    {
        var ids = new IdPool();
        _sets = new IpSetTable(_pool, _services, _nodes);
        _profiles = new ProfileTable(_pool, _sets);
        _policies = new PolicyTable(_pool, _sets, _tiers, unpackedPolicies);
        _timed = new TimedPolicies(_policies);
        _pods = new PodTable(ids, _profiles, _sets, _policies);
        _networkSets = new NetworkSetTable(_pool, ids, _profiles, _sets);
        _hosts = new HostEndpointTable(nodeName, _pool, ids, _profiles, _sets, _policies);
        _settings = new SettingsTable(nodeName, interfacePrefix);
    }

    /// <summary>What could not be understood in policies and profiles in use here, as of the last <see cref="Drain"/>; each such thing is closed.</summary>
    public IEnumerable<PolicyProblem> Problems => _policies.Problems.Concat(_profiles.Problems);

    /// <summary>
    /// True when the pod is known here and can be an endpoint. Until then an endpoint of it is closed entirely, so whoever
    /// starts a pod waits for this before it calls the pod ready.
    /// </summary>
    public bool Knows(string @namespace, string pod) => _pods.IsKnown(@namespace, pod);

    /// <summary>Takes a change of one resource. Kinds that say nothing about policy are ignored.</summary>
    public void Apply(in ResourceUpdate update)
    {
        var (version, kind, @namespace, name) = update.Key;
        var value = update.Value;
        switch (kind)
        {
            case "Pod" when value is Pod pod: _pods.SetPod(@namespace, name, PodFacts.Read(pod, @namespace, _pool).View); break;
            case "Pod": _pods.RemovePod(@namespace, name); break;
            case "Namespace": SetImplied(KnownLabels.ProfileOfNamespace(name), value is Namespace n ? ProfileTable.Imply(n, name) : null); break;
            case "ServiceAccount": SetImplied(KnownLabels.ProfileOfServiceAccount(@namespace, name), value is ServiceAccount a ? ProfileTable.Imply(a, name) : null); break;
            case "Profile": Refresh(_profiles.SetObject(name, (value as Profile)?.Spec)); break;
            case "NetworkPolicy" when version == ApiVersions.Networking: SetPolicy(new(PolicyKind.KubernetesNetworkPolicy, @namespace, name), value); break;
            case "NetworkPolicy": SetPolicy(new(PolicyKind.NetworkPolicy, @namespace, name), value); break;
            case "GlobalNetworkPolicy": SetPolicy(new(PolicyKind.GlobalNetworkPolicy, "", name), value); break;
            case "ClusterNetworkPolicy": SetPolicy(new(PolicyKind.ClusterNetworkPolicy, "", name), value); break;
            case "StagedNetworkPolicy": SetPolicy(new(PolicyKind.StagedNetworkPolicy, @namespace, name), value); break;
            case "StagedGlobalNetworkPolicy": SetPolicy(new(PolicyKind.StagedGlobalNetworkPolicy, "", name), value); break;
            case "StagedKubernetesNetworkPolicy": SetPolicy(new(PolicyKind.StagedKubernetesNetworkPolicy, @namespace, name), value); break;
            case "Tier": SetTier(name, value as Tier); break;
            case "NetworkSet" when @namespace.Length > 0: _networkSets.Set(@namespace, name, value, (value as NetworkSet)?.Spec); break;
            case "GlobalNetworkSet": _networkSets.Set("", name, value, (value as GlobalNetworkSet)?.Spec); break;
            case "HostEndpoint": _hosts.Set(name, value as HostEndpoint); break;
            case "Node": if (_nodes.Set(name, value as Node)) _sets.RefreshNodes(); break;
            case "EndpointSlice": SetSlice(@namespace, name, value as EndpointSlice); break;
            case "Endpoints": SetEndpoints(@namespace, name, value as Endpoints); break;
            case "IPPool": _settings.SetPool(name, value as IPPool); break;
            case "FelixConfiguration": _settings.SetConfiguration(name, value as FelixConfiguration); break;
        }
    }

    /// <summary>A pod has been wired to this node, or its wiring has changed.</summary>
    public void SetLocalEndpoint(LocalEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _pods.SetLocal(endpoint.Namespace, endpoint.Name, endpoint);
    }

    /// <summary>The pod is not wired to this node any more.</summary>
    public void RemoveLocalEndpoint(string @namespace, string pod) => _pods.SetLocal(@namespace, pod, null);

    /// <summary>
    /// Adds or changes a workload that somebody else has converted: its labels are taken as they are, it lists the profile of its
    /// namespace. What <see cref="Apply"/> does with a pod, after the pod has been read.
    /// </summary>
    internal void SetWorkload(
        string @namespace, string name, ReadOnlySpan<KeyValuePair<string, string>> labels, ReadOnlySpan<IpAddr> addresses)
    {
        if (_labels.Length < labels.Length) _labels = new Label[labels.Length * 2];
        var own = _labels.AsSpan(0, labels.Length);
        for (int i = 0; i < own.Length; i++) own[i] = new Label(_pool.Key(labels[i].Key), _pool.Value(labels[i].Value));
        LabelOrder.Sort(own);
        _pods.SetPod(@namespace, name, new PodView(own, "", addresses, [], true));
    }

    /// <summary>Adds or changes a cluster-wide network set that somebody else has converted.</summary>
    internal void SetNetworkSet(string name, ReadOnlySpan<KeyValuePair<string, string>> labels, IpPrefix[] prefixes) =>
        _networkSets.Set("", name, LabelSet.Create(_pool, labels), prefixes);

    /// <summary>
    /// The time, for policies that say from when or until when they count. The graph has no clock: whoever has one says so at the
    /// start, and again at <see cref="NextTime"/>. While no time is known such policies deny.
    /// </summary>
    public void SetTime(DateTimeOffset now) => _timed.SetTime(now);

    /// <summary>When the time next makes a difference; null when it makes none with the policies that are there.</summary>
    public DateTimeOffset? NextTime => _timed.NextTime;

    /// <summary>Everything that exists has been applied. Until this is said, <see cref="Drain"/> says nothing: half a cluster would be open.</summary>
    public void MarkInSync() => _inSync = true;

    /// <summary>
    /// What has changed since the last call, in an order in which nothing refers to what is not there: settings, sets,
    /// policies, profiles, endpoints; then what goes, the other way round. Empty when nothing has changed in effect.
    /// </summary>
    public IReadOnlyList<DataplaneUpdate> Drain()
    {
        if (!_inSync) return [];
        _policies.Resolve();
        _profiles.Resolve();
        _hosts.Resolve();
        _pods.Resolve();

        var updates = new List<DataplaneUpdate>();
        _settings.TakeUpdates(updates);
        _sets.TakeUpdates(updates);
        _policies.TakeUpdates(updates);
        _profiles.TakeUpdates(updates);
        _pods.TakeUpdates(updates);
        _hosts.TakeUpdates(updates);
        _hosts.TakeRemovals(updates);
        _pods.TakeRemovals(updates);
        _profiles.TakeRemovals(updates);
        _policies.TakeRemovals(updates);
        _sets.TakeRemovals(updates);
        if (!_saidInSync) updates.Add(new InSync());
        _saidInSync = true;
        return updates;
    }

    private void SetImplied(string profile, ProfileSpec? spec) => Refresh(_profiles.SetImplied(profile, spec));

    private void SetPolicy(PolicyId id, Resource? resource) =>
        _timed.Set(id, PolicyReading.SpecOf(resource), resource is not null && Extensions.AreAllowed(resource.Metadata));

    private void SetTier(string name, Tier? tier)
    {
        if (!_tiers.Set(name, tier)) return;
        _policies.TiersChanged();
        _pods.MarkAll();
        _hosts.MarkAll();
    }

    private void SetSlice(string @namespace, string name, EndpointSlice? slice)
    {
        foreach (string service in _services.SetSlice(@namespace, name, slice)) _sets.RefreshService(@namespace, service);
    }

    private void SetEndpoints(string @namespace, string name, Endpoints? endpoints)
    {
        _services.SetEndpoints(@namespace, name, endpoints);
        _sets.RefreshService(@namespace, name);
    }

    private void Refresh(Heir[] heirs)
    {
        foreach (var heir in heirs)
        {
            if (heir.IsLineage) _pods.RefreshLabels(heir.Number);
            else if (!_networkSets.RefreshLabels(heir.Number)) _hosts.RefreshLabels(heir.Number);
        }
    }
}
