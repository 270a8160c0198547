namespace Margay.ApiServer.Storage;

/// <summary>
/// What all readers share: the current snapshot, the window of recent changes and the signals. One writer publishes;
/// readers never wait for it. The snapshot is swapped before the changes show in the window, so whoever saw a change
/// and reads finds it.
/// </summary>
internal sealed class RevisionedState(int windowSize)
{
    private readonly Lock _gate = new();
    private readonly EventWindow _window = new(windowSize);
    private Snapshot _snapshot = Snapshot.Empty;
    private long _compacted = 1;
    private int _epoch;

    public Snapshot Current => Volatile.Read(ref _snapshot);

    public WatchSignals Signals { get; } = new();

    public RevisionSignals Revisions { get; } = new();

    public long Compacted
    {
        get => Volatile.Read(ref _compacted);
        set => Volatile.Write(ref _compacted, value);
    }

    /// <summary>The revision after which memory has all changes.</summary>
    public long Oldest
    {
        get { lock (_gate) return _window.Tail; }
    }

    /// <summary>How often it was begun again: what was followed before that is another history.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Takes what was on disk at start. The changes are the newest ones, already part of the snapshot.</summary>
    public void Load(Snapshot snapshot, IReadOnlyList<StorageEvent> recent, long compacted)
    {
        Compacted = compacted;
        Volatile.Write(ref _snapshot, snapshot);
        _window.Reset(recent.Count > 0 ? recent[0].Revision - 1 : snapshot.Revision);
        _window.Append(recent, snapshot.Revision);
        Revisions.Raise(snapshot.Revision);
    }

    /// <summary>Begins again with another state, when nobody can say which changes lead to it. Followers hear that they are too old.</summary>
    public void Restart(Snapshot snapshot)
    {
        lock (_gate)
        {
            Compacted = snapshot.Revision;
            Volatile.Write(ref _epoch, _epoch + 1);
            Volatile.Write(ref _snapshot, snapshot);
            _window.Reset(snapshot.Revision);
        }
        Signals.RaiseAll();
        Revisions.Raise(snapshot.Revision);
    }

    public void Publish(Snapshot next, IReadOnlyList<StorageEvent> events)
    {
        lock (_gate)
        {
            Volatile.Write(ref _snapshot, next);
            _window.Append(events, next.Revision);
        }
        Signals.Raise(events);
        Revisions.Raise(next.Revision);
    }

    /// <summary>Reads the window.</summary>
    /// <param name="after">The first change is newer than this.</param>
    /// <param name="prefix">What they must be under.</param>
    /// <param name="most">About how many are looked at.</param>
    /// <param name="into">Takes them.</param>
    /// <param name="upTo">The revision up to which it was looked through, or where the window begins.</param>
    /// <returns>False when the window does not reach back that far.</returns>
    public bool TryReadWindow(long after, string prefix, int most, List<StorageEvent> into, out long upTo)
    {
        lock (_gate)
        {
            upTo = _window.Tail;
            if (after < upTo) return false;
            upTo = _window.CopyAfter(after, prefix, most, into);
            return true;
        }
    }

    /// <summary>The newest snapshot together with the changes under a prefix that lead from a revision to it.</summary>
    public Snapshot CaptureSince(long revision, string prefix, List<StorageEvent> since, out long windowTail)
    {
        lock (_gate)
        {
            windowTail = _window.Tail;
            _window.CopyAfter(Math.Max(revision, windowTail), prefix, int.MaxValue, since);
            return _snapshot;
        }
    }
}
