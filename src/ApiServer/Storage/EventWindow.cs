namespace Margay.ApiServer.Storage;

/// <summary>The newest changes, in memory. Revisions have no holes, so a revision is an index. Guarded by its owner.</summary>
/// <param name="capacity">How many changes are kept; a power of two is not needed.</param>
internal sealed class EventWindow(int capacity)
{
    private readonly StorageEvent[] _ring = new StorageEvent[capacity];
    private int _count;

    /// <summary>The newest revision in here.</summary>
    public long Head { get; private set; } = 1;

    /// <summary>Changes after this revision are in here.</summary>
    public long Tail => Head - _count;

    /// <summary>Begins empty after a revision.</summary>
    public void Reset(long head) => (Head, _count) = (head, 0);

    public void Append(IReadOnlyList<StorageEvent> events)
    {
        foreach (StorageEvent change in events)
        {
            if (change.Revision != Head + 1)
                throw new InvalidOperationException($"Revision {change.Revision} cannot follow {Head}: history would have a hole.");
            Head = change.Revision;
            _ring[Head % _ring.Length] = change;
            _count = Math.Min(_count + 1, _ring.Length);
        }
    }

    /// <summary>Takes the changes after a revision, up to a number of them, that are under a prefix.</summary>
    /// <returns>The revision up to which the window was looked through.</returns>
    public long CopyAfter(long revision, string prefix, int most, List<StorageEvent> into)
    {
        long last = Math.Min(Head, revision + most);
        for (long next = revision + 1; next <= last; next++)
        {
            StorageEvent change = _ring[next % _ring.Length];
            if (change.Key.StartsWith(prefix, StringComparison.Ordinal)) into.Add(change);
        }
        return Math.Max(last, revision);
    }
}
