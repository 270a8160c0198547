using System.Runtime.InteropServices;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The IP sets in use and what is in them. Sets live as long as a policy or profile refers to them.</summary>
internal sealed class IpSetTable : IMatchListener
{
    private readonly LabelPool _pool;
    private readonly LabelIndex _index;
    private readonly PrefixTable _prefixes = new();
    private readonly SourceTable _sources;
    private readonly ServiceTable _services;
    private readonly NodeTable _nodes;
    private readonly IdPool _selectors = new();
    private readonly Dictionary<IpSetId, IpSetState> _sets = [];
    private readonly List<SelectedSet?> _bySelector = [];
    private readonly List<(int, CompiledSelector)> _newSelectors = [];
    private readonly HashSet<IpSetState> _dirty = [];
    private readonly HashSet<IpSetState> _unused = [];

    internal IpSetTable(LabelPool pool, ServiceTable services, NodeTable nodes)
    {
        _nodes = nodes;
        _pool = pool;
        _services = services;
        _index = new LabelIndex(this);
        _sources = new SourceTable(_prefixes);
    }

    /// <summary>Adds a pod, host endpoint or network set, or changes its labels or what it contributes.</summary>
    public void SetSource(int id, LabelSet labels, SetSource source) =>
        SetSource(id, labels.Labels, labels.Labels.Length, source.Prefixes, source.Ports);

    /// <summary>The same with labels as <see cref="LabelIndex.SetItem(int, ReadOnlySpan{Label}, int)"/> wants them.</summary>
    public void SetSource(int id, ReadOnlySpan<Label> labels, int own, ReadOnlySpan<IpPrefix> prefixes, NamedPort[] ports)
    {
        SetContribution(id, prefixes, ports);
        _index.SetItem(id, labels, own);
    }

    /// <summary>Changes what a pod, host endpoint or network set contributes.</summary>
    public void SetContribution(int id, ReadOnlySpan<IpPrefix> prefixes, NamedPort[] ports)
    {
        if (!_sources.Differs(id, prefixes, ports)) return;
        var selectors = _index.SelectorsOf(id);
        foreach (int selector in selectors)
            if (SetOf(selector) is { IsNamed: true } set) set.Change(id, -1);
        _sources.Replace(id, ports);
        ChangePrefixes(id, selectors);
        foreach (int selector in selectors)
            if (SetOf(selector) is { IsNamed: true } set) set.Change(id, 1);
        _sources.Settle(id);
    }

    /// <summary>These pods and network sets inherit other labels now.</summary>
    public void Reparent(SmallIdSet items, ReadOnlySpan<LabelSet> parents) => _index.Reparent(items, parents);

    /// <summary>Its labels that are not inherited. Good until the next change.</summary>
    public ReadOnlySpan<Label> OwnLabelsOf(int id) => _index.OwnLabelsOf(id);

    /// <summary>The addresses that it contributes.</summary>
    public IpAddr[] AddressesOf(int id)
    {
        var numbers = _sources.PrefixesOf(id);
        var addresses = new IpAddr[numbers.Length];
        for (int i = 0; i < addresses.Length; i++) addresses[i] = _prefixes[numbers[i]].Address;
        return addresses;
    }

    /// <summary>The named ports that it contributes.</summary>
    public NamedPort[] PortsOf(int id) => _sources.PortsOf(id);

    /// <summary>Removes a pod, host endpoint or network set.</summary>
    public void RemoveSource(int id)
    {
        _index.RemoveItem(id);
        _sources.Remove(id);
    }

    /// <summary>One more user of a set; the first one makes it.</summary>
    public void Acquire(SetDefinition definition)
    {
        if (!_sets.TryGetValue(definition.Id, out var set)) set = Create(definition);
        set.References++;
    }

    /// <summary>One user less. The set stays until <see cref="TakeRemovals"/>, in case it is needed again.</summary>
    public void Release(SetDefinition definition)
    {
        var set = _sets[definition.Id];
        if (--set.References == 0) _unused.Add(set);
    }

    /// <summary>The endpoints of a service have changed.</summary>
    public void RefreshService(string @namespace, string name)
    {
        foreach (bool withPorts in (ReadOnlySpan<bool>)[true, false])
        {
            if (!_sets.TryGetValue(new ServiceSet(@namespace, name, withPorts).Id, out var set)) continue;
            ((BackendSet)set).Replace(_services.Members(@namespace, name, withPorts));
            _dirty.Add(set);
        }
    }

    /// <summary>A node has changed.</summary>
    public void RefreshNodes()
    {
        foreach (var set in _sets.Values)
        {
            if (set.Definition is not NodeSet nodes) continue;
            ((BackendSet)set).Replace(_nodes.Members(nodes.Selector));
            _dirty.Add(set);
        }
    }

    /// <summary>New sets whole, changed ones as differences.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        // All at once: what they match is found in one walk over the labels.
        _index.AddSelectors(CollectionsMarshal.AsSpan(_newSelectors));
        _newSelectors.Clear();
        foreach (var set in Sorted(_dirty))
            if (set.References > 0 && set.Take() is { } update) updates.Add(update);
        _dirty.Clear();
    }

    /// <summary>Sets that nothing uses any more.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        foreach (var set in Sorted(_unused))
        {
            if (set.References > 0) continue;
            if (set is SelectedSet { Selector: var selector })
            {
                _index.RemoveSelector(selector);
                _bySelector[selector] = null;
                _selectors.Return(selector);
            }
            _sets.Remove(set.Definition.Id);
            if (set.IsSent) updates.Add(new IpSetRemove(set.Definition.Id));
        }
        _unused.Clear();
    }

    /// <inheritdoc/>
    public void MatchStarted(int selector, int item) => SetOf(selector)?.Change(item, 1);

    /// <inheritdoc/>
    public void MatchStopped(int selector, int item) => SetOf(selector)?.Change(item, -1);

    private static IpSetState[] Sorted(HashSet<IpSetState> sets)
    {
        IpSetState[] sorted = [.. sets];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Definition.Id.Value, b.Definition.Id.Value));
        return sorted;
    }

    private void ChangePrefixes(int id, SmallIdSet selectors)
    {
        foreach (int selector in selectors)
        {
            if (SetOf(selector) is not { IsNamed: false } set) continue;
            foreach (int prefix in _sources.Added) set.Change(prefix, id, 1);
            foreach (int prefix in _sources.Removed) set.Change(prefix, id, -1);
        }
    }

    /// <summary>The set that a selector fills, if the data plane knows it: then it will have to be told of a change.</summary>
    private SelectedSet? SetOf(int selector)
    {
        if (_bySelector[selector] is not { IsSent: true } set) return null;
        _dirty.Add(set);
        return set;
    }

    private IpSetState Create(SetDefinition definition)
    {
        IpSetState set = definition switch
        {
            ServiceSet d => new BackendSet(d, _services.Members(d.Namespace, d.Name, d.WithPorts)),
            NodeSet d => new BackendSet(d, _nodes.Members(d.Selector)),
            SelectorSet d => Select(d, d.Selector),
            NamedPortSet d => Select(d, d.Selector),
            _ => throw new System.Diagnostics.UnreachableException($"No set for {definition.GetType().Name}."),
        };
        _sets.Add(definition.Id, set);
        _dirty.Add(set);
        return set;
    }

    private SelectedSet Select(SetDefinition definition, Model.Selectors.Selector selector)
    {
        int id = _selectors.Take();
        var set = new SelectedSet(definition, id, _index, _sources, _prefixes);
        if (id == _bySelector.Count) _bySelector.Add(set);
        else _bySelector[id] = set;
        _newSelectors.Add((id, CompiledSelector.Compile(selector, _pool)));
        return set;
    }
}
