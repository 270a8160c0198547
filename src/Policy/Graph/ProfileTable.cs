using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// Profiles: those that namespaces and service accounts imply, and those that exist as objects, which replace an implied one
/// of the same name. One more is always there, which allows everything. They give labels to everything that lists them, and
/// rules to the endpoints of this node. A profile that is listed and does not exist has no rule: nothing passes by it.
/// </summary>
internal sealed class ProfileTable
{
    private static readonly List<Rule> AllowAll = [new Rule { Action = PolicyAction.Allow }];

    private static readonly ProfileSpec _noRules = new();
    private static readonly ProfileSpec _allowAll = new() { Ingress = AllowAll, Egress = AllowAll };

    private sealed class State(string name, int number)
    {
        public readonly string Name = name;
        public readonly int Number = number;
        public Given Implied;
        public Given Object;
        public SmallIdSet Heirs;
        public int Users;
        public PolicyBody? Body;
        public ProfileUpdate? Sent;

        public Given Spec => Object.Exists ? Object : Implied;

        public bool IsEmpty => !Spec.Exists && Heirs.Count == 0 && Users == 0 && Sent is null;
    }

    /// <summary>What a profile gives: labels as numbers, so that their texts need not stay, and rules.</summary>
    private readonly record struct Given(LabelSet? Labels, ProfileSpec? Rules)
    {
        /// <summary>False when there is no such profile.</summary>
        public bool Exists => Rules is not null;
    }

    private readonly Chunks<State?> _profiles = new();
    private readonly SlotTable _slots = new();
    private readonly IdPool _numbers = new();
    private readonly LabelPool _pool;
    private readonly IpSetTable _sets;
    private readonly HashSet<State> _used = [];
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private readonly List<ProfileUpdate> _updates = [];
    private readonly List<ProfileRemove> _removals = [];

    internal ProfileTable(LabelPool pool, IpSetTable sets)
    {
        _pool = pool;
        _sets = sets;
        Of(KnownLabels.DefaultAllowProfile).Implied = new Given(LabelSet.Empty, _allowAll);
    }

    /// <summary>What could not be understood in profiles that are in use here.</summary>
    public IEnumerable<PolicyProblem> Problems => _used.SelectMany(p => p.Body!.Problems.Select(text => new PolicyProblem(IdOf(p.Name), text)));

    /// <summary>The identity of a profile in the contract.</summary>
    public static PolicyId IdOf(string name) => new(PolicyKind.Profile, "", name);

    /// <summary>The profile that a namespace implies: everything is allowed, and its labels are inherited.</summary>
    public static ProfileSpec Imply(Namespace @namespace, string name) => new()
    {
        Ingress = AllowAll,
        Egress = AllowAll,
        LabelsToApply = Prefixed(@namespace.Metadata.Labels, KnownLabels.NamespacePrefix, name),
    };

    /// <summary>The profile that a service account implies: no rules, and its labels are inherited.</summary>
    public static ProfileSpec Imply(ServiceAccount account, string name) =>
        new() { LabelsToApply = Prefixed(account.Metadata.Labels, KnownLabels.ServiceAccountPrefix, name) };

    /// <summary>Adds, changes or (null) removes an implied profile. Returns the heirs whose labels may have changed.</summary>
    public Heir[] SetImplied(string name, ProfileSpec? spec)
    {
        var state = Of(name);
        var before = state.Spec;
        state.Implied = Read(spec);
        return Changed(state, before);
    }

    /// <summary>Adds, changes or (null) removes a profile object. Returns the heirs whose labels may have changed.</summary>
    public Heir[] SetObject(string name, ProfileSpec? spec)
    {
        var state = Of(name);
        var before = state.Spec;
        state.Object = Read(spec);
        return Changed(state, before);
    }

    /// <summary>The labels that a profile gives.</summary>
    public LabelSet LabelsOf(string name) => Find(name) is { } state ? LabelsOf(state.Spec) : LabelSet.Empty;

    /// <summary>The name of a profile that has a number.</summary>
    public string NameOf(int profile) => _profiles[profile]!.Name;

    /// <summary>The labels that a profile gives.</summary>
    public LabelSet LabelsOf(int profile) => LabelsOf(_profiles[profile]!.Spec);

    /// <summary>Somebody inherits from the profile. Returns its number, good while somebody does.</summary>
    public int AddHeir(string name, Heir heir)
    {
        var state = Of(name);
        state.Heirs.Add(heir.Code);
        return state.Number;
    }

    /// <summary>Somebody inherits from the profile no longer.</summary>
    public void RemoveHeir(int profile, Heir heir)
    {
        var state = _profiles[profile]!;
        state.Heirs.Remove(heir.Code);
        if (state.IsEmpty) Remove(state);
    }

    /// <summary>Somebody inherits from the profile no longer.</summary>
    public void RemoveHeir(string name, Heir heir) => RemoveHeir(Of(name).Number, heir);

    /// <summary>One more endpoint of this node lists the profile.</summary>
    public void Acquire(string name)
    {
        if (Of(name).Users++ == 0) _dirty.Add(name);
    }

    /// <summary>One endpoint less lists the profile.</summary>
    public void Release(string name)
    {
        if (--Of(name).Users == 0) _dirty.Add(name);
    }

    /// <summary>Decides what has to be told, and takes and gives back IP sets accordingly.</summary>
    public void Resolve()
    {
        foreach (string name in _dirty.Order(StringComparer.Ordinal))
        {
            if (Find(name) is not { } state) continue;
            var before = state.Body;
            var id = IdOf(name);
            state.Body = state.Users == 0 ? null : PolicyConversion.Convert(id, state.Spec.Rules ?? _noRules);
            foreach (var set in state.Body?.Sets ?? []) _sets.Acquire(set);
            foreach (var set in before?.Sets ?? []) _sets.Release(set);
            if (state.Body is { } body)
            {
                var update = new ProfileUpdate(id, body.Ingress, body.Egress);
                if (!update.Equals(state.Sent)) _updates.Add(update);
                state.Sent = update;
            }
            else
            {
                if (state.Sent is not null) _removals.Add(new ProfileRemove(id));
                state.Sent = null;
                if (state.IsEmpty) Remove(state);
            }
            if (state.Body is null) _used.Remove(state);
            else _used.Add(state);
        }
        _dirty.Clear();
    }

    /// <summary>New and changed profiles.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_updates);
        _updates.Clear();
    }

    /// <summary>Profiles that no endpoint of this node lists any more.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_removals);
        _removals.Clear();
    }

    private Heir[] Changed(State state, Given before)
    {
        // Its rules matter while an endpoint of this node lists it.
        if (state.Users > 0 || state.Sent is not null) _dirty.Add(state.Name);
        bool same = LabelsOf(state.Spec).Equals(LabelsOf(before));
        if (state.IsEmpty) Remove(state);
        return same || state.Heirs.Count == 0 ? [] : Array.ConvertAll(state.Heirs.ToArray(), static code => new Heir(code));
    }

    private static LabelSet LabelsOf(Given given) => given.Labels ?? LabelSet.Empty;

    private Given Read(ProfileSpec? spec)
    {
        if (spec is null) return default;
        var rules = spec switch
        {
            { Ingress: null, Egress: null } => _noRules,
            _ when ReferenceEquals(spec.Ingress, AllowAll) && ReferenceEquals(spec.Egress, AllowAll) => _allowAll,
            _ => new ProfileSpec { Ingress = spec.Ingress, Egress = spec.Egress },
        };
        return new Given(spec.LabelsToApply is { } labels ? LabelSet.Create(_pool, labels) : LabelSet.Empty, rules);
    }

    private State? Find(string name)
    {
        for (var search = _slots.Find(TextTable.Hash(name)); search.Next();)
            if (_profiles[search.Id]!.Name == name) return _profiles[search.Id];
        return null;
    }

    private State Of(string name)
    {
        if (Find(name) is { } known) return known;
        var state = new State(name, _numbers.Take());
        _profiles.Reach(state.Number) = state;
        _slots.Add(TextTable.Hash(name), state.Number);
        return state;
    }

    private void Remove(State state)
    {
        _slots.Remove(TextTable.Hash(state.Name), state.Number);
        _profiles[state.Number] = null;
        _numbers.Return(state.Number);
    }

    private static Dictionary<string, string> Prefixed(Dictionary<string, string>? labels, string prefix, string name)
    {
        var prefixed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels ?? []) prefixed[prefix + key] = value;
        prefixed[prefix + KnownLabels.Name] = name;
        return prefixed;
    }
}
