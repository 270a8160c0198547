namespace Margay.ApiServer.Storage;

/// <summary>A compare-and-swap on one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="ExpectedRevision">The revision of the state it must be in; 0 when it must not exist.</param>
/// <param name="Value">The new bytes, or null to delete.</param>
/// <param name="Guards">Other keys that must be in these states too: what the decision to write was based on.</param>
internal readonly record struct StorageWrite(
    string Key, long ExpectedRevision, byte[]? Value, IReadOnlyList<StorageGuard>? Guards = null)
{
    public static StorageWrite Create(string key, byte[] value) => new(key, 0, value);

    public static StorageWrite Update(StoredObject current, byte[] value) => new(current.Key, current.Revision, value);

    public static StorageWrite Delete(StoredObject current) => new(current.Key, current.Revision, null);
}

/// <summary>A key that must be in a known state for a write to another key: a namespace that objects are made in.</summary>
/// <param name="Key">The key.</param>
/// <param name="Revision">The revision of its state; 0 when it must not exist.</param>
internal readonly record struct StorageGuard(string Key, long Revision);

/// <summary>What became of a write.</summary>
/// <param name="Committed">False when the key or a guard was in another state than expected; nothing has changed then.</param>
/// <param name="Revision">The revision of the write, or the one at which it was refused.</param>
/// <param name="Current">The state of the key now.</param>
internal readonly record struct WriteResult(bool Committed, long Revision, StoredObject? Current);

/// <summary>Asks for part of a prefix.</summary>
/// <param name="Prefix">Ends with a slash.</param>
/// <param name="Revision">The revision to read at; 0 for the newest.</param>
/// <param name="After">Only keys after this one; null from the start.</param>
/// <param name="Limit">At most so many; 0 for all.</param>
internal readonly record struct StorageQuery(string Prefix, long Revision = 0, string? After = null, int Limit = 0);

/// <summary>Part of a prefix, in key order.</summary>
/// <param name="Revision">The revision at which this is the state.</param>
/// <param name="Items">The objects.</param>
/// <param name="Remaining">How many more follow the last one.</param>
internal sealed record StoragePage(long Revision, IReadOnlyList<StoredObject> Items, int Remaining);

/// <summary>What a watch hands out.</summary>
/// <param name="Events">Changes in order; may be empty.</param>
/// <param name="Revision">No change up to here is missing.</param>
internal readonly record struct WatchBatch(IReadOnlyList<StorageEvent> Events, long Revision);
