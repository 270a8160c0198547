namespace Margay.ApiServer.Storage;

/// <summary>
/// The newest changes, in memory. Revisions rise but may have holes, because others may write where the state is kept,
/// and several changes may have one revision; such a group is never split. Guarded by its owner.
/// </summary>
/// <param name="capacity">How many changes are kept; a power of two is not needed.</param>
internal sealed class EventWindow(int capacity)
{
    private readonly StorageEvent[] _ring = new StorageEvent[capacity];
    private long _end;
    private int _count;

    /// <summary>The newest revision in here; nothing up to it is missing.</summary>
    public long Head { get; private set; } = 1;

    /// <summary>Changes after this revision are in here. It is the revision of a change, or the one where the window began.</summary>
    public long Tail { get; private set; } = 1;

    /// <summary>Begins empty after a revision.</summary>
    public void Reset(long head) => (Head, Tail, _count) = (head, head, 0);

    /// <summary>Adds whole revisions.</summary>
    /// <param name="events">The changes, in order.</param>
    /// <param name="head">The revision up to which these are all changes.</param>
    public void Append(IReadOnlyList<StorageEvent> events, long head)
    {
        long last = Head + 1;
        foreach (StorageEvent change in events)
        {
            if (change.Revision < last) throw new InvalidOperationException($"Revision {change.Revision} cannot follow {Head}.");
            last = change.Revision;
            ref StorageEvent place = ref _ring[_end++ % _ring.Length];
            if (_count == _ring.Length) Tail = place.Revision;
            else _count++;
            place = change;
        }
        Head = Math.Max(Head, head);
    }

    /// <summary>Takes the changes after a revision, up to about a number of them, that are under a prefix.</summary>
    /// <returns>The revision up to which the window was looked through.</returns>
    public long CopyAfter(long revision, string prefix, int most, List<StorageEvent> into)
    {
        long first = FirstAfter(revision), next = first, upTo = revision;
        for (; next < _end; next++)
        {
            StorageEvent change = _ring[next % _ring.Length];
            if (next - first >= most && change.Revision != upTo) return upTo;
            upTo = change.Revision;
            if (change.Key.StartsWith(prefix, StringComparison.Ordinal)) into.Add(change);
        }
        return Math.Max(Head, revision);
    }

    private long FirstAfter(long revision)
    {
        long low = _end - _count, high = _end;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (_ring[middle % _ring.Length].Revision > revision) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
