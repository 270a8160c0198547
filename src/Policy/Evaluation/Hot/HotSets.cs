using Margay.Dataplane.Contract;
using Margay.Policy.Graph;
using Margay.Policy.Labels;

namespace Margay.Policy.Evaluation.Hot;

/// <summary>The IP sets under numbers, and what each address is in.</summary>
internal sealed class HotSets
{
    private readonly Dictionary<IpSetId, int> _numbers = [];
    private readonly Dictionary<int, IdSet> _members = [];
    private readonly IdPool _ids = new();

    /// <summary>Which sets an address is in.</summary>
    public MemberIndex Index { get; } = new();

    /// <summary>The number of a set.</summary>
    /// <exception cref="InvalidOperationException">There is no such set: the order of the records was broken.</exception>
    public int NumberOf(IpSetId id) =>
        _numbers.TryGetValue(id, out int number) ? number : throw new InvalidOperationException($"A rule refers to the IP set {id}, which does not exist.");

    /// <summary>Takes a set as a whole.</summary>
    public void Set(IpSetUpdate update)
    {
        if (!_numbers.TryGetValue(update.Id, out int number))
        {
            number = _ids.Take();
            _numbers.Add(update.Id, number);
            _members.Add(number, new IdSet());
        }
        Empty(number);
        foreach (var member in update.Members) _members[number].Add(Index.Add(member, number));
    }

    /// <summary>Takes a difference.</summary>
    /// <exception cref="InvalidOperationException">It does not fit the set: records were lost.</exception>
    public void Change(IpSetDelta delta)
    {
        int number = NumberOf(delta.Id);
        var members = _members[number];
        bool fits = true;
        foreach (var member in delta.Removed)
        {
            int id = Index.NumberOf(member);
            if (id >= 0 && members.Remove(id)) Index.Remove(id, number);
            else fits = false;
        }
        foreach (var member in delta.Added) fits &= members.Add(Index.Add(member, number));
        if (!fits) throw new InvalidOperationException($"The difference to {delta.Id} does not fit.");
    }

    /// <summary>Forgets a set.</summary>
    public void Remove(IpSetId id)
    {
        if (!_numbers.Remove(id, out int number)) return;
        Empty(number);
        _members.Remove(number);
        _ids.Return(number);
    }

    private void Empty(int number)
    {
        foreach (int member in _members[number]) Index.Remove(member, number);
        _members[number].Clear();
    }
}
