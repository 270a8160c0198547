using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The policies of the cluster and which endpoints of this node they select. A policy is compiled, and told to the data
/// plane, only while it selects one.
/// </summary>
internal sealed class PolicyTable : IMatchListener
{
    private readonly LabelPool _pool;
    private readonly IpSetTable _sets;
    private readonly LabelIndex _endpoints;
    private readonly PolicyBindings _bindings;
    private readonly Dictionary<PolicyId, PolicyState> _policies = [];
    private readonly Dictionary<CompiledSelector, SelectorGroup> _groups = [];
    private readonly List<SelectorGroup?> _groupOf = [];
    private readonly IdPool _selectors = new();
    private readonly List<PolicyState> _dirty = [];
    private readonly List<SelectorGroup> _dirtyGroups = [];
    private readonly HashSet<PolicyState> _active = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _updates = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _removals = [];
    private int _stagedCount;

    internal PolicyTable(LabelPool pool, IpSetTable sets, TierTable tiers)
    {
        _pool = pool;
        _sets = sets;
        _endpoints = new LabelIndex(this);
        _bindings = new PolicyBindings(tiers, _groupOf, _active);
    }

    /// <summary>Endpoints whose list of policies may have changed; emptied by whoever looks after them.</summary>
    public HashSet<int> ChangedEndpoints { get; } = [];

    /// <summary>What could not be understood in policies that are in use here.</summary>
    public IEnumerable<PolicyProblem> Problems =>
        _active.SelectMany(s => s.Body!.Problems.Select(p => new PolicyProblem(s.Definition!.Id, p)));

    /// <summary>Adds an endpoint of this node or gives it other labels.</summary>
    public void SetEndpoint(int id, LabelSet labels) => _endpoints.SetItem(id, labels);

    /// <summary>Removes an endpoint.</summary>
    public void RemoveEndpoint(int id) => _endpoints.RemoveItem(id);

    /// <summary>The order or the default action of a tier has changed.</summary>
    public void TiersChanged() => _bindings.Forget();

    /// <summary>Adds or changes a policy.</summary>
    public void Set(PolicyDefinition definition)
    {
        if (!_policies.TryGetValue(definition.Id, out var state))
        {
            state = new PolicyState(definition.Id);
            _policies.Add(definition.Id, state);
        }
        if (state.Definition is null) CountStaged(state.Id, 1);
        MarkSelected(state);
        var program = CompiledSelector.Compile(definition.Selector, _pool);
        // The program is the selector from here on.
        state.Definition = definition with { Selector = Model.Selectors.Selector.All };
        state.BodyIsStale = true;
        Mark(state);
        _bindings.Forget();
        if (state.Group is { } group && group.Program.Equals(program)) return;
        Leave(state);
        Join(state, program);
    }

    /// <summary>Removes a policy.</summary>
    public void Remove(PolicyId id)
    {
        if (!_policies.TryGetValue(id, out var state) || state.Definition is null) return;
        MarkSelected(state);
        CountStaged(id, -1);
        Leave(state);
        state.Definition = null;
        Mark(state);
        _bindings.Forget();
    }

    /// <summary>Decides what has to be told, and takes and gives back IP sets accordingly.</summary>
    public void Resolve()
    {
        foreach (var group in _dirtyGroups)
        {
            group.IsDirty = false;
            foreach (var state in group.Policies) Mark(state);
        }
        _dirtyGroups.Clear();
        foreach (var state in _dirty)
        {
            state.IsDirty = false;
            Resolve(state);
        }
        _dirty.Clear();
        _updates.Sort((a, b) => Compare(a.Id, b.Id));
        _removals.Sort((a, b) => Compare(a.Id, b.Id));
    }

    /// <summary>New and changed policies.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_updates.Select(u => u.Record));
        _updates.Clear();
    }

    /// <summary>Policies that select no endpoint of this node any more.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_removals.Select(r => r.Record));
        _removals.Clear();
    }

    /// <summary>The tiers that concern an endpoint at a hook, with their enforced policies, all in order.</summary>
    public HookTiers TiersOf(int endpoint, PolicyHook hook, bool withStaged = false) =>
        _bindings.Of(_endpoints.SelectorsOf(endpoint), hook, withStaged);

    /// <summary>
    /// The staged policies that concern an endpoint, sorted: they select it, or would take an enforced policy away from it.
    /// </summary>
    public ImmutableArray<PolicyId> StagedFor(int endpoint)
    {
        if (_stagedCount == 0 || _endpoints.SelectorsOf(endpoint) is not { Count: > 0 } selectors) return [];
        var concerned = new List<PolicyId>();
        foreach (int selector in selectors)
        {
            foreach (var policy in _groupOf[selector]!.Policies)
            {
                if (policy.Id.IsStaged) concerned.Add(policy.Id);
                else if (_policies.TryGetValue(policy.Id.Staged, out var staged) && staged.Group is { } group && !selectors.Contains(group.Id)) concerned.Add(staged.Id);
            }
        }
        concerned.Sort(Compare);
        return [.. concerned];
    }

    /// <inheritdoc/>
    public void MatchStarted(int selector, int item)
    {
        var group = _groupOf[selector]!;
        if (!group.IsDirty) _dirtyGroups.Add(group);
        group.IsDirty = true;
        ChangedEndpoints.Add(item);
    }

    /// <inheritdoc/>
    public void MatchStopped(int selector, int item) => MatchStarted(selector, item);

    private void Mark(PolicyState state)
    {
        if (!state.IsDirty) _dirty.Add(state);
        state.IsDirty = true;
    }

    private void MarkSelected(PolicyState state)
    {
        if (state.Group is null) return;
        foreach (int endpoint in _endpoints.ItemsOf(state.Group.Id)) ChangedEndpoints.Add(endpoint);
    }

    private void Join(PolicyState state, CompiledSelector program)
    {
        if (_groups.TryGetValue(program, out var group))
        {
            group.Add(state);
            MarkSelected(state);
            return;
        }
        int id = _selectors.Take();
        group = new SelectorGroup(id, program);
        group.Add(state);
        _groups.Add(program, group);
        if (id == _groupOf.Count) _groupOf.Add(group);
        else _groupOf[id] = group;
        _endpoints.AddSelector(id, program);
    }

    private void Leave(PolicyState state)
    {
        if (state.Group is not { } group) return;
        group.Remove(state);
        if (!group.Policies.IsEmpty) return;
        _endpoints.RemoveSelector(group.Id);
        _groups.Remove(group.Program);
        _groupOf[group.Id] = null;
        _selectors.Return(group.Id);
    }

    /// <summary>A staged policy that comes or goes concerns those that its counterpart selects, too.</summary>
    private void CountStaged(PolicyId id, int difference)
    {
        if (!id.IsStaged) return;
        _stagedCount += difference;
        if (_policies.TryGetValue(id.Counterpart, out var counterpart) && counterpart.Definition is not null) MarkSelected(counterpart);
    }

    private void Resolve(PolicyState state)
    {
        bool active = state.Group is { } group && (state.Definition!.IsNeededEverywhere || _endpoints.ItemsOf(group.Id).Count > 0);
        if (active && state is { Body: not null, BodyIsStale: false }) return;
        var before = state.Body;
        state.Body = active ? state.Definition!.Body() : null;
        state.BodyIsStale = false;
        foreach (var set in state.Body?.Sets ?? []) _sets.Acquire(set);
        foreach (var set in before?.Sets ?? []) _sets.Release(set);
        if (state.Body is { } body)
        {
            if (_active.Add(state)) _bindings.RankAgain();
            DataplaneUpdate update = state.Id.IsStaged
                ? new StagedPolicyUpdate(state.Id, state.Definition!.Tier, body.Ingress, body.Egress)
                : new PolicyUpdate(state.Id, state.Definition!.Tier, body.Ingress, body.Egress);
            if (!update.Equals(state.Sent)) _updates.Add((state.Id, update));
            state.Sent = update;
            return;
        }
        _active.Remove(state);
        if (state.Sent is not null) _removals.Add((state.Id, state.Id.IsStaged ? new StagedPolicyRemove(state.Id) : new PolicyRemove(state.Id)));
        state.Sent = null;
        if (state.Definition is null) _policies.Remove(state.Id);
    }

    private static int Compare(PolicyId a, PolicyId b)
    {
        int order = a.Kind.CompareTo(b.Kind);
        if (order == 0) order = string.CompareOrdinal(a.Namespace, b.Namespace);
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    }
}
