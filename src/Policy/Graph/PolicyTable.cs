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
    private sealed class State(PolicyId id, int selector)
    {
        public readonly PolicyId Id = id;
        public readonly int Selector = selector;
        public PolicyDefinition? Definition;
        public PolicyBody? Body;
        public DataplaneUpdate? Sent;
        public bool BodyIsStale;
        public int Rank;
    }

    private readonly LabelPool _pool;
    private readonly IpSetTable _sets;
    private readonly TierTable _tiers;
    private readonly LabelIndex _endpoints;
    private readonly Dictionary<PolicyId, State> _policies = [];
    private readonly Dictionary<int, State> _bySelector = [];
    private readonly HashSet<State> _dirty = [];
    private readonly HashSet<State> _active = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _updates = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _removals = [];
    private int _nextSelector;
    private int _stagedCount;
    private bool _ranksAreStale;

    internal PolicyTable(LabelPool pool, IpSetTable sets, TierTable tiers)
    {
        _pool = pool;
        _sets = sets;
        _tiers = tiers;
        _endpoints = new LabelIndex(this);
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
    public void TiersChanged() => _ranksAreStale = true;

    /// <summary>Adds or changes a policy.</summary>
    public void Set(PolicyDefinition definition)
    {
        if (!_policies.TryGetValue(definition.Id, out var state))
        {
            state = new State(definition.Id, _nextSelector++);
            _policies.Add(definition.Id, state);
            _bySelector.Add(state.Selector, state);
        }
        var before = state.Definition;
        if (before is null) CountStaged(state.Id, 1);
        bool sameSelector = before is not null && before.Selector.Equals(definition.Selector);
        if (before is not null) MarkSelected(state);
        if (before is not null && !sameSelector) _endpoints.RemoveSelector(state.Selector);
        state.Definition = definition;
        state.BodyIsStale = true;
        _dirty.Add(state);
        _ranksAreStale = true;
        if (!sameSelector) _endpoints.AddSelector(state.Selector, CompiledSelector.Compile(definition.Selector, _pool));
    }

    /// <summary>Removes a policy.</summary>
    public void Remove(PolicyId id)
    {
        if (!_policies.TryGetValue(id, out var state) || state.Definition is null) return;
        MarkSelected(state);
        CountStaged(id, -1);
        _endpoints.RemoveSelector(state.Selector);
        state.Definition = null;
        _dirty.Add(state);
    }

    /// <summary>Decides what has to be told, and takes and gives back IP sets accordingly.</summary>
    public void Resolve()
    {
        foreach (var state in _dirty) Resolve(state);
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
        new(TiersOf(endpoint, hook, PolicyDirection.Ingress, withStaged), TiersOf(endpoint, hook, PolicyDirection.Egress, withStaged));

    /// <summary>
    /// The staged policies that concern an endpoint, sorted: they select it, or would take an enforced policy away from it.
    /// </summary>
    public ImmutableArray<PolicyId> StagedFor(int endpoint)
    {
        if (_stagedCount == 0 || _endpoints.SelectorsOf(endpoint) is not { Count: > 0 } selectors) return [];
        var concerned = new List<PolicyId>();
        foreach (int selector in selectors)
        {
            var id = _bySelector[selector].Id;
            if (id.IsStaged) concerned.Add(id);
            else if (_policies.TryGetValue(id.Staged, out var staged) && staged.Definition is not null && !selectors.Contains(staged.Selector)) concerned.Add(id.Staged);
        }
        concerned.Sort(Compare);
        return [.. concerned];
    }

    private ImmutableArray<TierBinding> TiersOf(int endpoint, PolicyHook hook, PolicyDirection direction, bool withStaged)
    {
        if (_endpoints.SelectorsOf(endpoint) is not { Count: > 0 } selectors) return [];
        RankPolicies();
        var selected = new List<State>(selectors.Count);
        foreach (int selector in selectors)
        {
            var state = _bySelector[selector];
            if ((withStaged || !state.Id.IsStaged) && state.Definition!.IsAskedAt(hook, direction)) selected.Add(state);
        }
        selected.Sort((a, b) => a.Rank.CompareTo(b.Rank));

        var tiers = ImmutableArray.CreateBuilder<TierBinding>();
        for (int first = 0, next; first < selected.Count; first = next)
        {
            string tier = selected[first].Definition!.Tier;
            var policies = ImmutableArray.CreateBuilder<PolicyId>();
            for (next = first; next < selected.Count && selected[next].Definition!.Tier == tier; next++)
                policies.Add(selected[next].Definition!.Id);
            // The early hooks never drop at the end of a tier: the later ones have their say.
            var end = hook is PolicyHook.Untracked or PolicyHook.PreDnat ? TierDefaultAction.Pass : _tiers.DefaultActionOf(tier);
            tiers.Add(new TierBinding(tier, end, policies.ToImmutable()));
        }
        return tiers.ToImmutable();
    }

    /// <inheritdoc/>
    public void MatchStarted(int selector, int item)
    {
        _dirty.Add(_bySelector[selector]);
        ChangedEndpoints.Add(item);
    }

    /// <inheritdoc/>
    public void MatchStopped(int selector, int item) => MatchStarted(selector, item);

    private void MarkSelected(State state)
    {
        foreach (int endpoint in _endpoints.ItemsOf(state.Selector)) ChangedEndpoints.Add(endpoint);
    }

    /// <summary>A staged policy that comes or goes concerns those that its counterpart selects, too.</summary>
    private void CountStaged(PolicyId id, int difference)
    {
        if (!id.IsStaged) return;
        _stagedCount += difference;
        if (_policies.TryGetValue(id.Counterpart, out var counterpart) && counterpart.Definition is not null) MarkSelected(counterpart);
    }

    private void Resolve(State state)
    {
        bool active = state.Definition is not null && _endpoints.ItemsOf(state.Selector).Count > 0;
        if (active && state is { Body: not null, BodyIsStale: false }) return;
        var before = state.Body;
        state.Body = active ? state.Definition!.Body() : null;
        state.BodyIsStale = false;
        foreach (var set in state.Body?.Sets ?? []) _sets.Acquire(set);
        foreach (var set in before?.Sets ?? []) _sets.Release(set);
        if (state.Body is { } body)
        {
            if (_active.Add(state)) _ranksAreStale = true;
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
        if (state.Definition is not null) return;
        _bySelector.Remove(state.Selector);
        _policies.Remove(state.Id);
    }

    /// <summary>Numbers the policies in use in the order in which they are looked at.</summary>
    private void RankPolicies()
    {
        if (!_ranksAreStale) return;
        _ranksAreStale = false;
        var sorted = _active.ToArray();
        Array.Sort(sorted, (a, b) =>
        {
            int order = _tiers.Compare(a.Definition!.Tier, b.Definition!.Tier);
            if (order == 0) order = a.Definition.Order.CompareTo(b.Definition.Order);
            if (order == 0) order = string.CompareOrdinal(a.Definition.TieBreaker, b.Definition.TieBreaker);
            return order != 0 ? order : a.Id.Kind.CompareTo(b.Id.Kind);
        });
        for (int i = 0; i < sorted.Length; i++) sorted[i].Rank = i;
    }

    private static int Compare(PolicyId a, PolicyId b)
    {
        int order = a.Kind.CompareTo(b.Kind);
        if (order == 0) order = string.CompareOrdinal(a.Namespace, b.Namespace);
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    }
}
