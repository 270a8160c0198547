using System.Globalization;
using Margay.ApiServer.Storage.Etcd.Wire;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>etcd's events as changes of the state.</summary>
internal static class EtcdChanges
{
    public static StoredObject Object(string key, KeyValue from) => new(key, from.Value.Memory, from.CreateRevision, from.ModRevision);

    /// <summary>The changes of an answer on top of a state, which knows what was before.</summary>
    public static List<StorageEvent> On(Snapshot state, WatchResponse answer, EtcdKeys keys)
    {
        var changes = new List<StorageEvent>(answer.Events.Count);
        var touched = new Dictionary<string, StoredObject?>(StringComparer.Ordinal);
        foreach (Event change in answer.Events)
        {
            if (keys.Ours(change.Kv.Key) is not { } key) continue;
            StoredObject? old = touched.TryGetValue(key, out StoredObject? known) ? known : state.Get(key);
            StoredObject? fresh = change.Type == Event.Types.EventType.Put ? Object(key, change.Kv) : null;
            touched[key] = fresh;
            changes.Add(new StorageEvent(change.Kv.ModRevision, key, fresh, old));
        }
        return changes;
    }

    /// <summary>The changes of an answer that brings what was before.</summary>
    public static IEnumerable<StorageEvent> WithPrevious(WatchResponse answer, EtcdKeys keys)
    {
        foreach (Event change in answer.Events)
        {
            if (keys.Ours(change.Kv.Key) is not { } key) continue;
            yield return new StorageEvent(change.Kv.ModRevision, key,
                change.Type == Event.Types.EventType.Put ? Object(key, change.Kv) : null,
                change.PrevKv is { } previous ? Object(key, previous) : null);
        }
    }

    /// <summary>
    /// The revision up to which an answer tells all. The header's is that of the member when it sent the answer, which may be
    /// ahead of the events; only an answer without events is a statement about it.
    /// </summary>
    public static long UpTo(WatchResponse answer) => answer.Events.Count > 0 ? answer.Events[^1].Kv.ModRevision
        : answer.Created ? 0 : answer.Header.Revision;

    /// <summary>The revision that a server announced before it removed history up to it; null when none did.</summary>
    public static long? Compaction(WatchResponse answer, EtcdKeys keys) =>
        answer.Events.LastOrDefault(e => e.Type == Event.Types.EventType.Put && e.Kv.Key.Equals(keys.Compaction)) is { } announced
            ? Announced(announced.Kv) : null;

    public static long Announced(KeyValue from) =>
        long.TryParse(from.Value.ToStringUtf8(), NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : 1;
}
