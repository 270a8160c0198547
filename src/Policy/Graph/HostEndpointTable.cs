using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The host endpoints of the cluster, and among them those of this node. All of them join IP sets, by the addresses they
/// expect and the ports they name; those of this node get policies. The node "" has those of every node.
/// </summary>
internal sealed class HostEndpointTable(
    string nodeName, LabelPool pool, IdPool ids, ProfileTable profiles, IpSetTable sets, PolicyTable policies)
{
    private sealed class State(int id)
    {
        public readonly int Id = id;
        public HostEndpointFacts? Facts;
        public string[] Inherits = [];
        public string[] Lists = [];
    }

    private readonly Dictionary<string, State> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _names = [];
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostEndpointUpdate> _sent = new(StringComparer.Ordinal);
    private readonly List<HostEndpointUpdate> _updates = [];
    private readonly List<HostEndpointRemove> _removals = [];

    /// <summary>Adds, changes or (null) removes an endpoint.</summary>
    public void Set(string name, HostEndpoint? endpoint)
    {
        if (!_endpoints.TryGetValue(name, out var state))
        {
            if (endpoint is null) return;
            state = new State(ids.Take());
            _endpoints.Add(name, state);
            _names.Add(state.Id, name);
        }
        state.Facts = endpoint is null ? null : HostEndpointFacts.Read(endpoint, pool);
        Inherit(state);
        Publish(state);
        _dirty.Add(name);
        if (endpoint is not null) return;
        _endpoints.Remove(name);
        _names.Remove(state.Id);
        ids.Return(state.Id);
    }

    /// <summary>Labels that the endpoint inherits have changed. False when the number is not a host endpoint's.</summary>
    public bool RefreshLabels(int id)
    {
        if (!_names.TryGetValue(id, out string? name)) return false;
        Publish(_endpoints[name]);
        return true;
    }

    /// <summary>Every endpoint of this node is looked at again.</summary>
    public void MarkAll() => _dirty.UnionWith(_sent.Keys);

    /// <summary>Decides what has to be told. Policies must have been resolved before.</summary>
    public void Resolve()
    {
        foreach (int id in policies.ChangedEndpoints)
            if (_names.TryGetValue(id, out string? name)) _dirty.Add(name);
        foreach (string name in _dirty.Order(StringComparer.Ordinal))
        {
            var update = _endpoints.TryGetValue(name, out var state) && IsHere(state) ? Describe(name, state, state.Facts!) : null;
            _sent.TryGetValue(name, out var before);
            if (update is not null && !update.Equals(before)) _updates.Add(update);
            if (update is not null) _sent[name] = update;
            else if (_sent.Remove(name)) _removals.Add(new HostEndpointRemove(new HostEndpointId(name)));
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

    private bool IsHere(State state) => state.Facts is { } facts && (nodeName.Length == 0 || facts.Node == nodeName);

    private HostEndpointUpdate Describe(string name, State state, HostEndpointFacts facts) => new()
    {
        Id = new HostEndpointId(name),
        Node = facts.Node,
        InterfaceName = facts.InterfaceName,
        Addresses = [.. facts.Addresses],
        Untracked = policies.TiersOf(state.Id, PolicyHook.Untracked),
        PreDnat = policies.TiersOf(state.Id, PolicyHook.PreDnat),
        Normal = policies.TiersOf(state.Id, PolicyHook.Normal),
        Forward = policies.TiersOf(state.Id, PolicyHook.Forward),
        Profiles = [.. state.Lists.Select(ProfileTable.IdOf)],
        Staged = policies.StagedFor(state.Id) is { IsEmpty: false } staged ? Describe(state, staged) : null,
    };

    private StagedHooks Describe(State state, ImmutableArray<PolicyId> staged) => new(
        staged,
        policies.TiersOf(state.Id, PolicyHook.Untracked, withStaged: true),
        policies.TiersOf(state.Id, PolicyHook.PreDnat, withStaged: true),
        policies.TiersOf(state.Id, PolicyHook.Normal, withStaged: true),
        policies.TiersOf(state.Id, PolicyHook.Forward, withStaged: true));

    private void Inherit(State state)
    {
        string[] inherits = state.Facts?.Profiles ?? [];
        string[] lists = IsHere(state) ? inherits : [];
        foreach (string profile in inherits.Except(state.Inherits)) profiles.AddHeir(profile, Heir.OfThing(state.Id));
        foreach (string profile in lists.Except(state.Lists)) profiles.Acquire(profile);
        foreach (string profile in state.Lists.Except(lists)) profiles.Release(profile);
        foreach (string profile in state.Inherits.Except(inherits)) profiles.RemoveHeir(profile, Heir.OfThing(state.Id));
        (state.Inherits, state.Lists) = (inherits, lists);
    }

    private void Publish(State state)
    {
        if (state.Facts is not { } facts)
        {
            sets.RemoveSource(state.Id);
            policies.RemoveEndpoint(state.Id);
            return;
        }
        var labels = LabelSet.Inherit(facts.Labels, [.. state.Inherits.Select(profiles.LabelsOf)]);
        if (facts.Addresses.Length == 0) sets.RemoveSource(state.Id);
        else sets.SetSource(state.Id, labels, new SetSource([.. facts.Addresses.Select(a => a.ToPrefix())], facts.Ports));
        if (IsHere(state)) policies.SetEndpoint(state.Id, labels);
        else policies.RemoveEndpoint(state.Id);
    }
}
