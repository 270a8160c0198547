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
    private readonly PolicyRows _policies = new();
    private readonly PackedSpecs _packed = new();
    private readonly SelectorGroups _groups;
    private readonly List<int> _dirty = [];
    private readonly List<int> _dirtyGroups = [];
    private readonly HashSet<PolicyState> _active = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _updates = [];
    private readonly List<(PolicyId Id, DataplaneUpdate Record)> _removals = [];
    private readonly Queue<int> _unpacked = [];
    private readonly int _limit;
    private int _stagedCount;

    /// <param name="pool">The numbers of labels.</param>
    /// <param name="sets">The sets that rules refer to.</param>
    /// <param name="tiers">The tiers.</param>
    /// <param name="limit">How many policies that are not in use are kept as objects; further ones are packed.</param>
    internal PolicyTable(LabelPool pool, IpSetTable sets, TierTable tiers, int limit)
    {
        _limit = limit;
        _pool = pool;
        _sets = sets;
        _endpoints = new LabelIndex(this);
        _groups = new SelectorGroups(_policies);
        _bindings = new PolicyBindings(tiers, _policies, _groups, _active);
    }

    /// <summary>Endpoints whose list of policies may have changed; emptied by whoever looks after them.</summary>
    public HashSet<int> ChangedEndpoints { get; } = [];

    /// <summary>What could not be understood in policies that are in use here.</summary>
    public IEnumerable<PolicyProblem> Problems =>
        _active.SelectMany(s => s.Body!.Problems.Select(p => new PolicyProblem(s.Id, p)));

    /// <summary>Adds an endpoint of this node or gives it other labels.</summary>
    public void SetEndpoint(int id, LabelSet labels) => _endpoints.SetItem(id, labels);

    /// <summary>Removes an endpoint.</summary>
    public void RemoveEndpoint(int id) => _endpoints.RemoveItem(id);

    /// <summary>The order or the default action of a tier has changed.</summary>
    public void TiersChanged() => _bindings.Forget();

    /// <summary>Adds or changes a policy.</summary>
    /// <param name="definition">What it says; not kept.</param>
    /// <param name="spec">What it was read from, to be read again when the policy comes into use.</param>
    /// <param name="extensions">Whether the object may use what only we know.</param>
    public void Set(PolicyDefinition definition, object spec, bool extensions)
    {
        int number = _policies.FindOrAdd(definition.Id);
        ref var row = ref _policies[number];
        if (!row.Exists) CountStaged(definition.Id, 1);
        MarkSelected(row);
        Forget(ref row);
        (row.Spec, row.Extensions, row.IsNeededEverywhere) = (spec, extensions, definition.IsNeededEverywhere);
        row.State?.IsStale = true;
        Mark(number);
        LeaveUnpacked(number);
        _bindings.Forget();
        var program = CompiledSelector.Compile(definition.Selector, _pool);
        if (row.Group > 0 && _groups.ProgramOf(row.Group - 1).Equals(program)) return;
        Leave(number);
        Join(number, program);
    }

    /// <summary>Removes a policy.</summary>
    public void Remove(PolicyId id)
    {
        int number = _policies.Find(id);
        if (number < 0 || !_policies[number].Exists) return;
        MarkSelected(_policies[number]);
        CountStaged(id, -1);
        Leave(number);
        Forget(ref _policies[number]);
        Mark(number);
        _bindings.Forget();
    }

    /// <summary>Decides what has to be told, and takes and gives back IP sets accordingly.</summary>
    public void Resolve()
    {
        foreach (int group in _dirtyGroups)
        {
            _groups.IsDirty(group) = false;
            foreach (int policy in _groups.Of(group)) Mark(policy);
        }
        _dirtyGroups.Clear();
        foreach (int policy in _dirty)
        {
            _policies[policy].IsDirty = false;
            Resolve(policy);
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
            foreach (int policy in _groups.Of(selector))
            {
                var id = _policies[policy].Id;
                if (id.IsStaged) concerned.Add(id);
                else if (_policies.Find(id.Staged) is >= 0 and var staged && _policies[staged].Group is > 0 and var group && !selectors.Contains(group - 1)) concerned.Add(id.Staged);
            }
        }
        concerned.Sort(Compare);
        return [.. concerned];
    }

    /// <inheritdoc/>
    public void MatchStarted(int selector, int item)
    {
        ref bool isDirty = ref _groups.IsDirty(selector);
        if (!isDirty) _dirtyGroups.Add(selector);
        isDirty = true;
        ChangedEndpoints.Add(item);
    }

    /// <inheritdoc/>
    public void MatchStopped(int selector, int item) => MatchStarted(selector, item);

    private void Mark(int policy)
    {
        ref bool isDirty = ref _policies[policy].IsDirty;
        if (!isDirty) _dirty.Add(policy);
        isDirty = true;
    }

    /// <summary>The policy may be packed when others have come after it.</summary>
    private void LeaveUnpacked(int policy)
    {
        _unpacked.Enqueue(policy);
        if (_unpacked.Count <= _limit) return;
        ref var oldest = ref _policies[_unpacked.Dequeue()];
        if (oldest.State is null && oldest.Spec is not (null or PolicyDefinition)) (oldest.Packed, oldest.Spec) = (_packed.Pack(oldest.Spec), null);
    }

    /// <summary>What the policy demanded so far.</summary>
    private void Forget(ref PolicyRow policy)
    {
        _packed.Release(policy.Packed);
        (policy.Packed, policy.Spec) = (0, null);
    }

    private void MarkSelected(in PolicyRow policy)
    {
        if (policy.Group == 0) return;
        foreach (int endpoint in _endpoints.ItemsOf(policy.Group - 1)) ChangedEndpoints.Add(endpoint);
    }

    private void Join(int policy, CompiledSelector program)
    {
        var (group, added) = _groups.Join(policy, program);
        if (added) _endpoints.AddSelector(group, program);
        else MarkSelected(_policies[policy]);
    }

    private void Leave(int policy)
    {
        int group = _policies[policy].Group - 1;
        if (group < 0 || !_groups.Leave(policy)) return;
        _endpoints.RemoveSelector(group);
    }

    /// <summary>A staged policy that comes or goes concerns those that its counterpart selects, too.</summary>
    private void CountStaged(PolicyId id, int difference)
    {
        if (!id.IsStaged) return;
        _stagedCount += difference;
        if (_policies.Find(id.Counterpart) is >= 0 and var counterpart) MarkSelected(_policies[counterpart]);
    }

    private void Resolve(int number)
    {
        ref var row = ref _policies[number];
        bool active = row.Group > 0 && (row.IsNeededEverywhere || _endpoints.ItemsOf(row.Group - 1).Count > 0);
        if (active && row.State is { IsStale: false }) return;
        if (active) Use(ref row);
        else if (row.State is not null) Release(number, ref row);
        if (!row.Exists) _policies.Remove(number);
    }

    private void Use(ref PolicyRow row)
    {
        var state = row.State ??= new PolicyState(row.Id);
        var before = state.Body;
        state.Definition = PolicyReading.Read(row.Id, row.Spec ?? _packed.Unpack(row.Id.Kind, row.Packed), row.Extensions)!;
        var body = state.Body = state.Definition.Body();
        state.IsStale = false;
        foreach (var set in body.Sets) _sets.Acquire(set);
        foreach (var set in before?.Sets ?? []) _sets.Release(set);
        if (_active.Add(state)) _bindings.RankAgain();
        DataplaneUpdate update = state.Id.IsStaged
            ? new StagedPolicyUpdate(state.Id, state.Definition.Tier, body.Ingress, body.Egress)
            : new PolicyUpdate(state.Id, state.Definition.Tier, body.Ingress, body.Egress);
        if (!update.Equals(state.Sent)) _updates.Add((state.Id, update));
        state.Sent = update;
    }

    private void Release(int number, ref PolicyRow row)
    {
        var state = row.State!;
        foreach (var set in state.Body!.Sets) _sets.Release(set);
        _active.Remove(state);
        _removals.Add((state.Id, state.Id.IsStaged ? new StagedPolicyRemove(state.Id) : new PolicyRemove(state.Id)));
        row.State = null;
        if (row.Spec is not null) LeaveUnpacked(number);
    }

    private static int Compare(PolicyId a, PolicyId b)
    {
        int order = a.Kind.CompareTo(b.Kind);
        if (order == 0) order = string.CompareOrdinal(a.Namespace, b.Namespace);
        return order != 0 ? order : string.CompareOrdinal(a.Name, b.Name);
    }
}
