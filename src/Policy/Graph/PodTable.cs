using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The pods of the cluster. What changes about one goes to the IP sets, and to the policies if it is an endpoint of this
/// node. Of a pod elsewhere nothing is kept here but its name and its lineage: the index of the sets has its labels.
/// </summary>
internal sealed class PodTable
{
    private readonly TextTable _namespaces = new();
    private readonly PodNames _names;
    private readonly LineageTable _lineages;
    private readonly ProfileTable _profiles;
    private readonly IpSetTable _sets;
    private readonly PolicyTable _policies;
    private readonly LocalPods _locals;
    private readonly Chunks<State> _states = new();
    private Label[] _labels = new Label[32];
    private IpPrefix[] _prefixes = new IpPrefix[4];

    /// <summary>The lineage, plus one; 0: the pod itself is not known.</summary>
    private struct State
    {
        public int Lineage;
        public bool IsEndpoint;
        public bool IsLocal;
    }

    internal PodTable(IdPool ids, ProfileTable profiles, IpSetTable sets, PolicyTable policies)
    {
        _names = new PodNames(ids);
        _lineages = new LineageTable(profiles);
        _profiles = profiles;
        _sets = sets;
        _policies = policies;
        _locals = new LocalPods(policies);
    }

    /// <summary>Adds or changes a pod.</summary>
    public void SetPod(string @namespace, string name, PodView pod)
    {
        int home = _namespaces.Id(@namespace);
        int id = _names.FindOrAdd(home, name);
        ref var state = ref _states.Reach(id);
        int before = state.Lineage;
        state.Lineage = _lineages.Join(home, @namespace, pod.ServiceAccount, id) + 1;
        if (before != 0 && before != state.Lineage) _lineages.Leave(before - 1, id);
        state.IsEndpoint = pod.IsEndpoint;
        var local = state.IsLocal ? _locals.Find(id) : null;
        local?.Pod = pod.Keep();
        Refresh(id, state, pod, local);
    }

    /// <summary>Removes a pod.</summary>
    public void RemovePod(string @namespace, string name)
    {
        int id = _names.Find(_namespaces.Id(@namespace), name);
        if (id < 0) return;
        ref var state = ref _states[id];
        if (state.Lineage != 0) _lineages.Leave(state.Lineage - 1, id);
        (state.Lineage, state.IsEndpoint) = (0, false);
        var local = state.IsLocal ? _locals.Find(id) : null;
        local?.Pod = null;
        Refresh(id, state, default, local);
    }

    /// <summary>Adds, changes or (null) removes an endpoint of this node.</summary>
    public void SetLocal(string @namespace, string name, LocalEndpoint? endpoint)
    {
        int home = _namespaces.Id(@namespace);
        int id = endpoint is null ? _names.Find(home, name) : _names.FindOrAdd(home, name);
        if (id < 0) return;
        ref var state = ref _states.Reach(id);
        var local = state.IsLocal ? _locals.Find(id) : null;
        if (local is null && endpoint is null) return;
        local ??= _locals.Add(id, Recall(id, state));
        local.Endpoint = endpoint;
        state.IsLocal = endpoint is not null;
        Refresh(id, state, local.Pod is { } pod ? pod.View : default, local);
        if (endpoint is null) _locals.Remove(id, @namespace, name);
    }

    /// <summary>True when the pod is known and can be an endpoint: its policy, and not only the closed door, is in force.</summary>
    public bool IsKnown(string @namespace, string name) => _names.Find(_namespaces.Id(@namespace), name) is >= 0 and var id && _states[id].IsEndpoint;

    /// <summary>Labels that the pods of a lineage inherit have changed.</summary>
    public void RefreshLabels(int lineage)
    {
        var inherited = _lineages.LabelsOf(lineage);
        var pods = _lineages.PodsOf(lineage);
        _sets.Reparent(pods, inherited);
        foreach (int id in pods)
            if (_states[id] is { IsLocal: true, IsEndpoint: true }) _policies.SetEndpoint(id, LabelSet.Inherit(_locals.Find(id).Pod!.Labels, inherited));
    }

    /// <summary>Every endpoint of this node is looked at again.</summary>
    public void MarkAll() => _locals.MarkAll();

    /// <summary>Decides what has to be told about the endpoints of this node. Policies must have been resolved before.</summary>
    public void Resolve() => _locals.Resolve();

    /// <summary>New and changed endpoints.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates) => _locals.TakeUpdates(updates);

    /// <summary>Endpoints that are gone.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates) => _locals.TakeRemovals(updates);

    private void Refresh(int id, State state, PodView pod, LocalPod? local)
    {
        if (local is not null)
        {
            string[] lists = local.Endpoint is not null && state.IsEndpoint ? _lineages.ProfilesOf(state.Lineage - 1) : [];
            if (!lists.AsSpan().SequenceEqual(local.Lists))
            {
                foreach (string profile in lists) _profiles.Acquire(profile);
                foreach (string profile in local.Lists) _profiles.Release(profile);
                local.Lists = lists;
            }
            _locals.Mark(local);
        }
        if (state.IsEndpoint)
        {
            Publish(id, pod, _lineages.LabelsOf(state.Lineage - 1), local?.Endpoint);
            return;
        }
        _sets.RemoveSource(id);
        _policies.RemoveEndpoint(id);
        if (state.Lineage != 0 || state.IsLocal) return;
        _states[id] = default;
        _names.Remove(id);
    }

    private void Publish(int id, PodView pod, ReadOnlySpan<LabelSet> inherited, LocalEndpoint? local)
    {
        var own = pod.Labels;
        int most = own.Length;
        foreach (var labels in inherited) most += labels.Labels.Length;
        if (_labels.Length < most) _labels = new Label[most * 2];
        int count = LabelInheritance.Merge(own, inherited, _labels);
        var prefixes = ToPrefixes(local is null ? pod.Addresses : local.Addresses.AsSpan());
        _sets.SetSource(id, _labels.AsSpan(0, count), own.Length, prefixes, pod.Ports);
        if (local is null) _policies.RemoveEndpoint(id);
        else _policies.SetEndpoint(id, LabelSet.Inherit(LabelSet.FromSorted(own), inherited));
    }

    private ReadOnlySpan<IpPrefix> ToPrefixes(ReadOnlySpan<IpAddr> addresses)
    {
        if (_prefixes.Length < addresses.Length) _prefixes = new IpPrefix[addresses.Length * 2];
        for (int i = 0; i < addresses.Length; i++) _prefixes[i] = addresses[i].ToPrefix();
        return _prefixes.AsSpan(0, addresses.Length);
    }

    /// <summary>What is known about a pod that was elsewhere so far.</summary>
    private PodFacts? Recall(int id, State state)
    {
        if (state.Lineage == 0) return null;
        if (!state.IsEndpoint) return new PodFacts(LabelSet.Empty, "", [], [], false);
        return new PodFacts(LabelSet.FromSorted(_sets.OwnLabelsOf(id)), "", _sets.AddressesOf(id), _sets.PortsOf(id), true);
    }
}
