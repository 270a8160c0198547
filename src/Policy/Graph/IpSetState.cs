using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>
/// An IP set in use. What is in it follows from what its selector matches and from the service's backends; here stands
/// only what has changed since the data plane was told.
/// </summary>
internal abstract class IpSetState(SetDefinition definition)
{
    private readonly List<(IpSetMember Member, int Change)> _changes = [];

    /// <summary>What the set means.</summary>
    public SetDefinition Definition { get; } = definition;

    /// <summary>How many policies and profiles use it.</summary>
    public int References { get; set; }

    /// <summary>True when the data plane has been told of it.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Everything that is in the set, sorted and distinct.</summary>
    protected abstract IpSetMember[] Content();

    /// <summary>A member came (1) or went (-1). Nothing need be said before the set was sent.</summary>
    public void Change(in IpSetMember member, int change)
    {
        if (IsSent) _changes.Add((member, change));
    }

    /// <summary>What the data plane must be told: the whole set, the difference, or nothing.</summary>
    public DataplaneUpdate? Take()
    {
        if (!IsSent)
        {
            IsSent = true;
            return new IpSetUpdate(Definition.Id, Definition.Kind, ImmutableCollectionsMarshal.AsImmutableArray(Content()));
        }
        if (_changes.Count == 0) return null;
        var added = ImmutableArray.CreateBuilder<IpSetMember>();
        var removed = ImmutableArray.CreateBuilder<IpSetMember>();
        var changes = CollectionsMarshal.AsSpan(_changes);
        if (changes.Length > 1) changes.Sort(static (a, b) => a.Member.CompareTo(b.Member));
        for (int i = 0, next; i < changes.Length; i = next)
        {
            // Came and went, or went and came back: as if nothing had been.
            int sum = changes[i].Change;
            for (next = i + 1; next < changes.Length && changes[next].Member == changes[i].Member; next++) sum += changes[next].Change;
            if (sum > 0) added.Add(changes[i].Member);
            if (sum < 0) removed.Add(changes[i].Member);
        }
        _changes.Clear();
        if (_changes.Capacity > 1024) _changes.Capacity = 0;
        return added.Count + removed.Count == 0 ? null : new IpSetDelta(Definition.Id, added.ToImmutable(), removed.ToImmutable());
    }

    /// <summary>Sorts members and leaves out repetitions. They often come in order, and seldom twice.</summary>
    protected static IpSetMember[] Normalize(IpSetMember[] members)
    {
        bool sorted = true, distinct = true;
        for (int i = 1; i < members.Length && sorted; i++)
        {
            int order = members[i - 1].CompareTo(members[i]);
            sorted = order <= 0;
            distinct &= order != 0;
        }
        if (!sorted)
        {
            Array.Sort(members);
            for (int i = 1; i < members.Length && distinct; i++) distinct = members[i] != members[i - 1];
        }
        return distinct ? members : [.. members.Distinct()];
    }
}
