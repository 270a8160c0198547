namespace Margay.ApiServer.Storage;

/// <summary>One state of one key.</summary>
/// <param name="key">The key.</param>
/// <param name="value">The bytes that were written.</param>
/// <param name="createRevision">The revision at which the key came to be.</param>
/// <param name="revision">The revision of this state.</param>
internal sealed class StoredObject(string key, ReadOnlyMemory<byte> value, long createRevision, long revision)
{
    private object? _derived;

    public string Key { get; } = key;

    public ReadOnlyMemory<byte> Value { get; } = value;

    public long CreateRevision { get; } = createRevision;

    public long Revision { get; } = revision;

    /// <summary>
    /// What a reader makes of the bytes, made once however many readers there are: a change that a thousand watchers
    /// get is decoded and rendered once. Two threads may both make it; one of the two is kept.
    /// </summary>
    public T Derive<T>(Func<StoredObject, T> make) where T : class
    {
        if (Volatile.Read(ref _derived) is T made) return made;
        T fresh = make(this);
        return Interlocked.CompareExchange(ref _derived, fresh, null) as T ?? fresh;
    }
}

/// <summary>A committed change.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Key">What changed.</param>
/// <param name="Current">The state after it, or null when the key was deleted.</param>
/// <param name="Previous">The state before it, or null when the key was created.</param>
internal sealed record StorageEvent(long Revision, string Key, StoredObject? Current, StoredObject? Previous);
