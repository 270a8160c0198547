using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// Policies that select by the same program: the index is asked once for all of them. Ten thousand policies that select
/// everything are one selector.
/// </summary>
internal sealed class SelectorGroups(PolicyRows policies)
{
    private readonly Chunks<Group> _groups = new();
    private readonly SlotTable _slots = new();
    private readonly IdPool _ids = new();

    private struct Group
    {
        public CompiledSelector? Program;
        public int First;
        public bool IsDirty;
    }

    /// <summary>What a group selects.</summary>
    public CompiledSelector ProgramOf(int group) => _groups[group].Program!;

    /// <summary>True while the group waits to be looked at.</summary>
    public ref bool IsDirty(int group) => ref _groups[group].IsDirty;

    /// <summary>The policies of a group, in no order. The group must not change meanwhile.</summary>
    public Members Of(int group) => new(policies, _groups[group].First);

    /// <summary>A policy joins those that select the same. Returns the group, and whether it is new.</summary>
    public (int Group, bool Added) Join(int policy, CompiledSelector program)
    {
        int group = Find(program);
        bool added = group < 0;
        if (added) group = Add(program);
        ref int first = ref _groups[group].First;
        ref var row = ref policies[policy];
        (row.Group, row.Next, row.Previous) = (group + 1, first, 0);
        if (first > 0) policies[first - 1].Previous = policy + 1;
        first = policy + 1;
        return (group, added);
    }

    /// <summary>A policy leaves its group. True when it was the last one: the group is gone then.</summary>
    public bool Leave(int policy)
    {
        ref var row = ref policies[policy];
        int group = row.Group - 1;
        if (row.Next > 0) policies[row.Next - 1].Previous = row.Previous;
        if (row.Previous > 0) policies[row.Previous - 1].Next = row.Next;
        else _groups[group].First = row.Next;
        row.Group = 0;
        if (_groups[group].First > 0) return false;
        _slots.Remove(_groups[group].Program!.Hash(), group);
        _groups[group] = default;
        _ids.Return(group);
        return true;
    }

    private int Find(CompiledSelector program)
    {
        for (var search = _slots.Find(program.Hash()); search.Next();)
            if (_groups[search.Id].Program!.Equals(program)) return search.Id;
        return -1;
    }

    private int Add(CompiledSelector program)
    {
        int group = _ids.Take();
        _groups.Reach(group) = new Group { Program = program };
        _slots.Add(program.Hash(), group);
        return group;
    }

    /// <summary>Walks the policies of a group.</summary>
    internal struct Members(PolicyRows policies, int first)
    {
        private int _next = first;

        /// <summary>The number of a policy.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next one.</summary>
        public bool MoveNext()
        {
            if (_next == 0) return false;
            Current = _next - 1;
            _next = policies[Current].Next;
            return true;
        }

        /// <summary>For <c>foreach</c>.</summary>
        public readonly Members GetEnumerator() => this;
    }
}
