namespace Margay.ApiServer.Storage;

/// <summary>A log that forgets everything with the process: for tests, and for laboratories that need no durability.</summary>
internal sealed class MemoryEventLog : IEventLog
{
    private readonly Lock _gate = new();
    private readonly List<(StorageEvent Event, DateTimeOffset At)> _events = [];

    public LogContents Load(int recent) => new(Snapshot.Empty, [], 1);

    public void Append(IReadOnlyList<StorageEvent> events, DateTimeOffset at)
    {
        lock (_gate) foreach (StorageEvent change in events) _events.Add((change, at));
    }

    public IReadOnlyList<StorageEvent> Read(long after, int most)
    {
        lock (_gate) return [.. _events.Where(e => e.Event.Revision > after).Take(most).Select(e => e.Event)];
    }

    public long RevisionBefore(DateTimeOffset cutoff, long from)
    {
        lock (_gate) return _events.TakeWhile(e => e.At <= cutoff).Select(e => e.Event.Revision).LastOrDefault(from);
    }

    public void Compact(long revision)
    {
        lock (_gate) _events.RemoveAll(e => e.Event.Revision <= revision);
    }

    public void Dispose() { }
}
