using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The pods of the cluster, and among them the endpoints of this node. What changes about one goes to the IP sets (every pod
/// with an address) and to the policies (endpoints of this node).
/// </summary>
internal sealed class PodTable(IdPool ids, ProfileTable profiles, IpSetTable sets, PolicyTable policies)
{
    private sealed class State(string @namespace, int id)
    {
        public readonly string Namespace = @namespace;
        public readonly int Id = id;
        public PodFacts? Pod;
        public LocalEndpoint? Local;
        public string[] Inherits = [];
        public string[] Lists = [];
    }

    private readonly Dictionary<(string Namespace, string Name), State> _pods = [];
    private readonly Dictionary<int, State> _byId = [];
    private readonly HashSet<(string Namespace, string Name)> _dirty = [];
    private readonly Dictionary<(string Namespace, string Name), WorkloadEndpointUpdate> _sent = [];
    private readonly List<WorkloadEndpointUpdate> _updates = [];
    private readonly List<WorkloadEndpointRemove> _removals = [];

    /// <summary>Adds, changes or (null) removes a pod.</summary>
    public void SetPod(string @namespace, string name, PodFacts? pod)
    {
        if (pod is null && !_pods.ContainsKey((@namespace, name))) return;
        var state = Of(@namespace, name);
        state.Pod = pod;
        Refresh(name, state);
    }

    /// <summary>Adds, changes or (null) removes an endpoint of this node.</summary>
    public void SetLocal(string @namespace, string name, LocalEndpoint? local)
    {
        if (local is null && !_pods.ContainsKey((@namespace, name))) return;
        var state = Of(@namespace, name);
        state.Local = local;
        _dirty.Add((@namespace, name));
        Refresh(name, state);
    }

    /// <summary>True when the pod is known and can be an endpoint: its policy, and not only the closed door, is in force.</summary>
    public bool IsKnown(string @namespace, string name) =>
        _pods.TryGetValue((@namespace, name), out var state) && state.Pod is { IsEndpoint: true };

    /// <summary>Labels that the pod inherits have changed. False when the number is not a pod's.</summary>
    public bool RefreshLabels(int id)
    {
        if (!_byId.TryGetValue(id, out var state)) return false;
        Publish(state);
        return true;
    }

    /// <summary>Every endpoint of this node is looked at again.</summary>
    public void MarkAll()
    {
        foreach (var key in _sent.Keys) _dirty.Add(key);
    }

    /// <summary>Decides what has to be told about the endpoints of this node. Policies must have been resolved before.</summary>
    public void Resolve()
    {
        foreach (int id in policies.ChangedEndpoints)
            if (_byId.TryGetValue(id, out var state) && state.Local is { } local) _dirty.Add((local.Namespace, local.Name));
        policies.ChangedEndpoints.Clear();
        foreach (var key in _dirty.Order())
        {
            var update = _pods.TryGetValue(key, out var state) && state.Local is not null ? Describe(state, state.Local) : null;
            _sent.TryGetValue(key, out var before);
            if (before is not null && before.Id != update?.Id) _removals.Add(new WorkloadEndpointRemove(before.Id));
            if (update is null)
            {
                _sent.Remove(key);
                continue;
            }
            if (!update.Equals(before)) _updates.Add(update);
            _sent[key] = update;
        }
        _dirty.Clear();
    }

    /// <summary>New and changed endpoints.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_updates);
        _updates.Clear();
    }

    /// <summary>Endpoints that are gone.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_removals);
        _removals.Clear();
    }

    /// <summary>An endpoint whose pod is not known has no policies and no profiles: every packet is dropped.</summary>
    private WorkloadEndpointUpdate Describe(State state, LocalEndpoint local)
    {
        var endpoint = new WorkloadEndpointUpdate
        {
            Id = local.Id,
            HostInterface = local.HostInterface,
            Addresses = local.Addresses,
            AllowedSources = local.AllowedSources,
        };
        if (state.Pod is not { IsEndpoint: true }) return endpoint;
        var tiers = policies.TiersOf(state.Id, PolicyHook.Normal);
        return endpoint with
        {
            IngressTiers = tiers.Ingress,
            EgressTiers = tiers.Egress,
            Profiles = [.. state.Lists.Select(ProfileTable.IdOf)],
            Staged = policies.StagedFor(state.Id) is { IsEmpty: false } staged
                ? new StagedTiers(staged, policies.TiersOf(state.Id, PolicyHook.Normal, withStaged: true))
                : null,
        };
    }

    private void Refresh(string name, State state)
    {
        Inherit(state);
        Publish(state);
        if (state.Pod is not null || state.Local is not null) return;
        _pods.Remove((state.Namespace, name));
        _byId.Remove(state.Id);
        ids.Return(state.Id);
    }

    /// <summary>Keeps the profiles informed of who inherits from them, and of who of this node lists them.</summary>
    private void Inherit(State state)
    {
        string[] inherits = state.Pod?.Profiles(state.Namespace) ?? [];
        string[] lists = state.Local is not null && state.Pod is { IsEndpoint: true } ? inherits : [];
        foreach (string profile in inherits.Except(state.Inherits)) profiles.AddHeir(profile, state.Id);
        foreach (string profile in lists.Except(state.Lists)) profiles.Acquire(profile);
        foreach (string profile in state.Lists.Except(lists)) profiles.Release(profile);
        foreach (string profile in state.Inherits.Except(inherits)) profiles.RemoveHeir(profile, state.Id);
        if (state.Local is { } local) _dirty.Add((local.Namespace, local.Name));
        state.Inherits = inherits;
        state.Lists = lists;
    }

    private void Publish(State state)
    {
        if (state.Pod is not { IsEndpoint: true } pod)
        {
            sets.RemoveSource(state.Id);
            policies.RemoveEndpoint(state.Id);
            return;
        }
        var labels = LabelSet.Inherit(pod.Labels, [.. state.Inherits.Select(profiles.LabelsOf)]);
        ReadOnlySpan<IpAddr> addresses = state.Local is { } local ? local.Addresses.AsSpan() : pod.Addresses;
        if (addresses.IsEmpty) sets.RemoveSource(state.Id);
        else sets.SetSource(state.Id, labels, new SetSource(Prefixes(addresses), pod.Ports));
        if (state.Local is null) policies.RemoveEndpoint(state.Id);
        else policies.SetEndpoint(state.Id, labels);
    }

    private static IpPrefix[] Prefixes(ReadOnlySpan<IpAddr> addresses)
    {
        var prefixes = new IpPrefix[addresses.Length];
        for (int i = 0; i < addresses.Length; i++) prefixes[i] = addresses[i].ToPrefix();
        return prefixes;
    }

    private State Of(string @namespace, string name)
    {
        if (!_pods.TryGetValue((@namespace, name), out var state))
        {
            state = new State(@namespace, ids.Take());
            _pods.Add((@namespace, name), state);
            _byId.Add(state.Id, state);
        }
        return state;
    }
}
