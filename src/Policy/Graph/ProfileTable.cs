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
internal sealed class ProfileTable(LabelPool pool, IpSetTable sets)
{
    private static readonly List<Rule> AllowAll = [new Rule { Action = PolicyAction.Allow }];

    private static readonly ProfileSpec _noRules = new();
    private static readonly ProfileSpec _allowAll = new() { Ingress = AllowAll, Egress = AllowAll };

    private sealed class State(string name)
    {
        public readonly string Name = name;
        public Given? Implied;
        public Given? Object;
        public SmallIdSet Heirs;
        public int Users;
        public PolicyBody? Body;
        public ProfileUpdate? Sent;

        public Given? Spec => Object ?? Implied;

        public bool IsEmpty => Spec is null && Heirs.Count == 0 && Users == 0 && Sent is null;
    }

    /// <summary>What a profile gives: labels as numbers, so that their texts need not stay, and rules.</summary>
    private sealed record Given(LabelSet Labels, ProfileSpec Rules);

    private readonly Dictionary<string, State> _profiles = new(StringComparer.Ordinal)
    {
        [KnownLabels.DefaultAllowProfile] = new(KnownLabels.DefaultAllowProfile) { Implied = new Given(LabelSet.Empty, _allowAll) },
    };
    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private readonly List<ProfileUpdate> _updates = [];
    private readonly List<ProfileRemove> _removals = [];

    /// <summary>What could not be understood in profiles that are in use here.</summary>
    public IEnumerable<PolicyProblem> Problems =>
        _profiles.SelectMany(p => (p.Value.Body?.Problems ?? []).Select(text => new PolicyProblem(IdOf(p.Key), text)));

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
    public int[] SetImplied(string name, ProfileSpec? spec)
    {
        var state = Of(name);
        var before = state.Spec;
        state.Implied = Read(spec);
        return Changed(state, before);
    }

    /// <summary>Adds, changes or (null) removes a profile object. Returns the heirs whose labels may have changed.</summary>
    public int[] SetObject(string name, ProfileSpec? spec)
    {
        var state = Of(name);
        var before = state.Spec;
        state.Object = Read(spec);
        return Changed(state, before);
    }

    /// <summary>The labels that a profile gives.</summary>
    public LabelSet LabelsOf(string name) => _profiles.TryGetValue(name, out var state) ? LabelsOf(state.Spec) : LabelSet.Empty;

    /// <summary>The item inherits from the profile, whose name is returned as it is kept here.</summary>
    public string AddHeir(string name, int item)
    {
        var state = Of(name);
        state.Heirs.Add(item);
        return state.Name;
    }

    /// <summary>The item inherits from the profile no longer.</summary>
    public void RemoveHeir(string name, int item)
    {
        var state = Of(name);
        state.Heirs.Remove(item);
        if (state.IsEmpty) _profiles.Remove(name);
    }

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
            if (!_profiles.TryGetValue(name, out var state)) continue;
            var before = state.Body;
            var id = IdOf(name);
            state.Body = state.Users == 0 ? null : PolicyConversion.Convert(id, state.Spec?.Rules ?? _noRules);
            foreach (var set in state.Body?.Sets ?? []) sets.Acquire(set);
            foreach (var set in before?.Sets ?? []) sets.Release(set);
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
                if (state.IsEmpty) _profiles.Remove(name);
            }
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

    private int[] Changed(State state, Given? before)
    {
        // Its rules matter while an endpoint of this node lists it.
        if (state.Users > 0 || state.Sent is not null) _dirty.Add(state.Name);
        bool same = LabelsOf(state.Spec).Equals(LabelsOf(before));
        if (state.IsEmpty) _profiles.Remove(state.Name);
        return same || state.Heirs.Count == 0 ? [] : state.Heirs.ToArray();
    }

    private static LabelSet LabelsOf(Given? given) => given?.Labels ?? LabelSet.Empty;

    private Given? Read(ProfileSpec? spec)
    {
        if (spec is null) return null;
        var rules = spec switch
        {
            { Ingress: null, Egress: null } => _noRules,
            _ when ReferenceEquals(spec.Ingress, AllowAll) && ReferenceEquals(spec.Egress, AllowAll) => _allowAll,
            _ => new ProfileSpec { Ingress = spec.Ingress, Egress = spec.Egress },
        };
        return new Given(spec.LabelsToApply is { } labels ? LabelSet.Create(pool, labels) : LabelSet.Empty, rules);
    }

    private State Of(string name)
    {
        if (!_profiles.TryGetValue(name, out var state))
        {
            state = new State(name);
            _profiles.Add(name, state);
        }
        return state;
    }

    private static Dictionary<string, string> Prefixed(Dictionary<string, string>? labels, string prefix, string name)
    {
        var prefixed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels ?? []) prefixed[prefix + key] = value;
        prefixed[prefix + KnownLabels.Name] = name;
        return prefixed;
    }
}
