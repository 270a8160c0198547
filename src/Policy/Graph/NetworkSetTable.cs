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
    private readonly Dictionary<(string Namespace, string Name), int> _sets = [];
    private readonly Dictionary<int, string> _profiles = [];

    /// <summary>Adds, changes or removes (<paramref name="spec"/> null) a set; the namespace is empty for a global one.</summary>
    public void Set(string @namespace, string name, Resource? resource, NetworkSetSpec? spec)
    {
        if (resource is null || spec is null)
        {
            if (_sets.Remove((@namespace, name), out int gone)) Remove(gone);
            return;
        }
        Set(@namespace, name, LabelSet.Create(pool, OwnLabels.Of(resource, @namespace)), [.. Prefixes(spec)]);
    }

    /// <summary>Adds or changes a set that has been read.</summary>
    public void Set(string @namespace, string name, LabelSet labels, IpPrefix[] prefixes)
    {
        if (!_sets.TryGetValue((@namespace, name), out int id))
        {
            id = ids.Take();
            _sets.Add((@namespace, name), id);
            if (@namespace.Length > 0) AddHeir(KnownLabels.ProfileOfNamespace(@namespace), id);
        }
        var own = labels.Labels;
        if (!_profiles.TryGetValue(id, out string? profile))
        {
            sets.SetSource(id, own, own.Length, prefixes, []);
            return;
        }
        var inherited = profiles.LabelsOf(profile);
        var all = new Label[own.Length + inherited.Labels.Length];
        int count = LabelInheritance.Merge(own, [inherited], all);
        sets.SetSource(id, all.AsSpan(0, count), own.Length, prefixes, []);
    }

    /// <summary>Labels that the set inherits have changed. False when the number is not a set's that inherits.</summary>
    public bool RefreshLabels(int id)
    {
        if (!_profiles.TryGetValue(id, out string? profile)) return false;
        sets.Reparent(new SmallIdSet(id + 1), [profiles.LabelsOf(profile)]);
        return true;
    }

    private void AddHeir(string profile, int id)
    {
        _profiles.Add(id, profile);
        profiles.AddHeir(profile, Heir.OfThing(id));
    }

    private static IEnumerable<IpPrefix> Prefixes(NetworkSetSpec spec)
    {
        foreach (string text in spec.Nets ?? [])
            if (IpPrefix.TryParse(text, out var prefix)) yield return prefix;
    }

    private void Remove(int id)
    {
        if (_profiles.Remove(id, out string? profile)) profiles.RemoveHeir(profile, Heir.OfThing(id));
        sets.RemoveSource(id);
        ids.Return(id);
    }
}
