using System.Collections.Immutable;

namespace Margay.ApiServer.Storage;

/// <summary>The whole state at one revision. It never changes, so readers need no lock and see no half of a commit.</summary>
internal sealed class Snapshot
{
    private readonly ImmutableSortedSet<StoredObject> _objects;

    private Snapshot(long revision, ImmutableSortedSet<StoredObject> objects)
    {
        Revision = revision;
        _objects = objects;
    }

    public static Snapshot Empty { get; } = new(1, ImmutableSortedSet.Create<StoredObject>(ByKey.Instance));

    public long Revision { get; }

    public int Count => _objects.Count;

    public StoredObject? Get(string key) => _objects.TryGetValue(Probe(key), out StoredObject? found) ? found : null;

    /// <summary>The state of these objects at a revision.</summary>
    public static Snapshot Of(long revision, IEnumerable<StoredObject> objects) =>
        new(revision, ImmutableSortedSet.CreateRange(ByKey.Instance, objects));

    /// <summary>The state after these changes.</summary>
    public Snapshot With(IReadOnlyList<StorageEvent> events) => events.Count == 0 ? this : With(events, events[^1].Revision);

    /// <summary>The state after these changes, which are all up to a revision.</summary>
    public Snapshot With(IReadOnlyList<StorageEvent> events, long revision)
    {
        if (events.Count == 0) return new Snapshot(revision, _objects);
        var next = _objects.ToBuilder();
        foreach (StorageEvent change in events) Replace(next, change.Previous, change.Current);
        return new Snapshot(revision, next.ToImmutable());
    }

    /// <summary>The state before these changes, which must be the last ones.</summary>
    public Snapshot Without(IReadOnlyList<StorageEvent> events, long revision)
    {
        var next = _objects.ToBuilder();
        for (int i = events.Count - 1; i >= 0; i--) Replace(next, events[i].Current, events[i].Previous);
        return new Snapshot(revision, next.ToImmutable());
    }

    /// <summary>The objects under a prefix after a key, and how many there are in all.</summary>
    public StoragePage Range(StorageQuery query)
    {
        int start = Seek(query.Prefix);
        int end = Seek(PrefixEnd(query.Prefix));
        if (query.After is { } after) start = Math.Clamp(Seek(after + '\0'), start, end);
        int count = query.Limit > 0 ? Math.Min(query.Limit, end - start) : end - start;
        var items = new StoredObject[count];
        for (int i = 0; i < count; i++) items[i] = _objects[start + i];
        return new StoragePage(Revision, items, end - start - count);
    }

    private static void Replace(ImmutableSortedSet<StoredObject>.Builder objects, StoredObject? old, StoredObject? fresh)
    {
        if (old is not null) objects.Remove(old);
        if (fresh is not null) objects.Add(fresh);
    }

    private int Seek(string key)
    {
        int index = _objects.IndexOf(Probe(key));
        return index >= 0 ? index : ~index;
    }

    /// <summary>Keys are ASCII paths, so the last character of a prefix can always be raised by one.</summary>
    private static string PrefixEnd(string prefix) => prefix.Length == 0 ? "\uffff" : prefix[..^1] + (char)(prefix[^1] + 1);

    private static StoredObject Probe(string key) => new(key, default, 0, 0);

    private sealed class ByKey : IComparer<StoredObject>
    {
        public static ByKey Instance { get; } = new();

        public int Compare(StoredObject? x, StoredObject? y) => string.CompareOrdinal(x?.Key, y?.Key);
    }
}
