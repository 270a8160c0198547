using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>
/// An IP set in use: its members, each with the number of things that contribute it (two pods may claim one address), and
/// what has changed since the data plane was told.
/// </summary>
internal sealed class IpSetState(SetDefinition definition, int selector)
{
    private readonly Dictionary<IpSetMember, int> _members = [];
    private readonly HashSet<IpSetMember> _added = [];
    private readonly HashSet<IpSetMember> _removed = [];
    private bool _sent;

    /// <summary>What the set means.</summary>
    public SetDefinition Definition { get; } = definition;

    /// <summary>Its number in the label index; -1 for services.</summary>
    public int Selector { get; } = selector;

    /// <summary>How many policies and profiles use it.</summary>
    public int References { get; set; }

    /// <summary>True when the data plane has been told of it.</summary>
    public bool IsSent => _sent;

    /// <summary>The members now.</summary>
    public IReadOnlyCollection<IpSetMember> Members => _members.Keys;

    /// <summary>One more thing contributes the member.</summary>
    public void Add(IpSetMember member)
    {
        ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_members, member, out _);
        if (count++ > 0 || !_sent) return;
        if (!_removed.Remove(member)) _added.Add(member);
    }

    /// <summary>One thing less contributes the member.</summary>
    public void Remove(IpSetMember member)
    {
        ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_members, member);
        if (--count > 0) return;
        _members.Remove(member);
        if (_sent && !_added.Remove(member)) _removed.Add(member);
    }

    /// <summary>The set has exactly these members, once each.</summary>
    public void Replace(HashSet<IpSetMember> members)
    {
        foreach (var member in _members.Keys.ToArray())
            if (!members.Contains(member)) Remove(member);
        foreach (var member in members)
            if (!_members.ContainsKey(member)) Add(member);
    }

    /// <summary>What the data plane must be told: the whole set, the difference, or nothing.</summary>
    public DataplaneUpdate? Take()
    {
        if (!_sent)
        {
            _sent = true;
            return new IpSetUpdate(Definition.Id, Definition.Kind, Sorted(_members.Keys));
        }
        if (_added.Count == 0 && _removed.Count == 0) return null;
        var delta = new IpSetDelta(Definition.Id, Sorted(_added), Sorted(_removed));
        _added.Clear();
        _removed.Clear();
        return delta;
    }

    private static ImmutableArray<IpSetMember> Sorted(IEnumerable<IpSetMember> members) => [.. members.Order()];
}
