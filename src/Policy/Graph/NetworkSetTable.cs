using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The network sets. They join the IP sets whose selectors match their labels, like pods do; a namespaced one inherits the
/// labels of its namespace. An entry that is no prefix is left out.
/// </summary>
internal sealed class NetworkSetTable(LabelPool pool, IdPool ids, ProfileTable profiles, IpSetTable sets)
{
    private sealed record State(int Id, string? Profile, LabelSet Labels, SetSource Source);

    private readonly Dictionary<(string Namespace, string Name), State> _sets = [];
    private readonly Dictionary<int, State> _byId = [];

    /// <summary>Adds, changes or removes (<paramref name="spec"/> null) a set; the namespace is empty for a global one.</summary>
    public void Set(string @namespace, string name, Resource? resource, NetworkSetSpec? spec)
    {
        if (resource is null || spec is null)
        {
            if (_sets.TryGetValue((@namespace, name), out var gone)) Remove(@namespace, name, gone);
            return;
        }
        Set(@namespace, name, LabelSet.Create(pool, OwnLabels.Of(resource, @namespace)), [.. Prefixes(spec)]);
    }

    /// <summary>Adds or changes a set that has been read.</summary>
    public void Set(string @namespace, string name, LabelSet labels, IpPrefix[] prefixes)
    {
        _sets.TryGetValue((@namespace, name), out var before);
        string? profile = @namespace.Length == 0 ? null : KnownLabels.ProfileOfNamespace(@namespace);
        var state = new State(before?.Id ?? ids.Take(), profile, labels, new SetSource(prefixes, []));
        _sets[(@namespace, name)] = state;
        _byId[state.Id] = state;
        if (before is null && profile is not null) profiles.AddHeir(profile, state.Id);
        Publish(state);
    }

    /// <summary>Labels that the set inherits have changed. False when the number is not a set's.</summary>
    public bool RefreshLabels(int id)
    {
        if (!_byId.TryGetValue(id, out var state)) return false;
        Publish(state);
        return true;
    }

    private static IEnumerable<IpPrefix> Prefixes(NetworkSetSpec spec)
    {
        foreach (string text in spec.Nets ?? [])
            if (IpPrefix.TryParse(text, out var prefix)) yield return prefix;
    }

    private void Publish(State state)
    {
        var labels = state.Profile is null ? state.Labels : LabelSet.Inherit(state.Labels, [profiles.LabelsOf(state.Profile)]);
        sets.SetSource(state.Id, labels, state.Source);
    }

    private void Remove(string @namespace, string name, State state)
    {
        if (state.Profile is not null) profiles.RemoveHeir(state.Profile, state.Id);
        sets.RemoveSource(state.Id);
        _sets.Remove((@namespace, name));
        _byId.Remove(state.Id);
        ids.Return(state.Id);
    }
}
