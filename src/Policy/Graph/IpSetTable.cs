using System.Diagnostics;
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
    private readonly ServiceTable _services;
    private readonly Dictionary<int, SetSource> _sources = [];
    private readonly Dictionary<IpSetId, IpSetState> _sets = [];
    private readonly Dictionary<int, IpSetState> _bySelector = [];
    private readonly HashSet<IpSetState> _dirty = [];
    private readonly HashSet<IpSetState> _unused = [];
    private int _nextSelector;

    internal IpSetTable(LabelPool pool, ServiceTable services)
    {
        _pool = pool;
        _services = services;
        _index = new LabelIndex(this);
    }

    /// <summary>Adds a pod or network set, or changes its labels or what it contributes.</summary>
    public void SetSource(int id, LabelSet labels, SetSource source)
    {
        if (!_sources.TryGetValue(id, out var before))
        {
            _sources.Add(id, source);
        }
        else if (!before.Equals(source))
        {
            // New contributions first: a member that stays never leaves.
            foreach (int selector in _index.SelectorsOf(id)!) Contribute(_bySelector[selector], source, add: true);
            foreach (int selector in _index.SelectorsOf(id)!) Contribute(_bySelector[selector], before, add: false);
            _sources[id] = source;
        }
        _index.SetItem(id, labels);
    }

    /// <summary>Removes a pod or network set.</summary>
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
            set.Replace(_services.Members(@namespace, name, withPorts));
            _dirty.Add(set);
        }
    }

    /// <summary>New sets whole, changed ones as differences.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        foreach (var set in _dirty.OrderBy(s => s.Definition.Id.Value, StringComparer.Ordinal))
            if (set.References > 0 && set.Take() is { } update) updates.Add(update);
        _dirty.Clear();
    }

    /// <summary>Sets that nothing uses any more.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        foreach (var set in _unused.OrderBy(s => s.Definition.Id.Value, StringComparer.Ordinal))
        {
            if (set.References > 0) continue;
            if (set.Selector >= 0)
            {
                _index.RemoveSelector(set.Selector);
                _bySelector.Remove(set.Selector);
            }
            _sets.Remove(set.Definition.Id);
            if (set.IsSent) updates.Add(new IpSetRemove(set.Definition.Id));
        }
        _unused.Clear();
    }

    /// <inheritdoc/>
    public void MatchStarted(int selector, int item) => Contribute(_bySelector[selector], _sources[item], add: true);

    /// <inheritdoc/>
    public void MatchStopped(int selector, int item) => Contribute(_bySelector[selector], _sources[item], add: false);

    private IpSetState Create(SetDefinition definition)
    {
        var selector = definition switch
        {
            SelectorSet d => d.Selector,
            NamedPortSet d => d.Selector,
            _ => null,
        };
        var set = new IpSetState(definition, selector is null ? -1 : _nextSelector++);
        _sets.Add(definition.Id, set);
        _dirty.Add(set);
        if (selector is not null)
        {
            _bySelector.Add(set.Selector, set);
            _index.AddSelector(set.Selector, CompiledSelector.Compile(selector, _pool));
        }
        else if (definition is ServiceSet service)
        {
            set.Replace(_services.Members(service.Namespace, service.Name, service.WithPorts));
        }
        return set;
    }

    private void Contribute(IpSetState set, SetSource source, bool add)
    {
        _dirty.Add(set);
        switch (set.Definition)
        {
            case SelectorSet:
                foreach (var prefix in source.Prefixes) Apply(set, new IpSetMember(prefix), add);
                break;
            case NamedPortSet named:
                foreach (var port in source.Ports)
                {
                    if (port.Name != named.Port || port.Protocol != named.Protocol) continue;
                    foreach (IpPrefix prefix in source.Prefixes) Apply(set, new IpSetMember(prefix, port.Protocol, port.Port), add);
                }
                break;
            default:
                throw new UnreachableException($"{set.Definition.GetType().Name} has no selector.");
        }
    }

    private static void Apply(IpSetState set, IpSetMember member, bool add)
    {
        if (add) set.Add(member);
        else set.Remove(member);
    }
}
