namespace Margay.ApiServer.Storage;

/// <summary>
/// Where the API server keeps its state: keys with opaque values under one global revision that only rises. The
/// promises are etcd's, so that a SQLite file and an etcd cluster are the same thing to everything above.
/// </summary>
internal interface IStorage : IAsyncDisposable
{
    /// <summary>The revision of the newest committed change; at least 1, also when nothing was ever written.</summary>
    long CurrentRevision { get; }

    /// <summary>
    /// A revision that is at least that of every change committed before the call, wherever it was made: a storage that others
    /// write to as well may have to ask for it.
    /// </summary>
    ValueTask<long> RevisionAsync(CancellationToken stop) => ValueTask.FromResult(CurrentRevision);

    /// <summary>Changes after this revision can be read; older ones are forgotten.</summary>
    long CompactedRevision { get; }

    /// <summary>Why writes are refused, or null when they are not.</summary>
    string? Trouble { get; }

    /// <summary>
    /// Waits until everything that was committed before the call is visible here, also what other servers have committed
    /// on the same state. Reads after it are of that state or a newer one.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It cannot be said what is committed.</exception>
    ValueTask CatchUpAsync(CancellationToken stop);

    /// <summary>Reads the newest state of a key that is visible here: see <see cref="CatchUpAsync"/>.</summary>
    ValueTask<StoredObject?> GetAsync(string key, CancellationToken stop);

    /// <summary>Reads part of a prefix as it was at one revision.</summary>
    /// <exception cref="CompactedException">The revision is forgotten.</exception>
    /// <exception cref="FutureRevisionException">The revision has not happened.</exception>
    ValueTask<StoragePage> ListAsync(StorageQuery query, CancellationToken stop);

    /// <summary>
    /// Writes one key if it is in the expected state. A result that says committed means that the change survives a
    /// crash of the process and of the machine.
    /// </summary>
    /// <exception cref="StorageUnavailableException">It cannot be said whether the change will be there.</exception>
    Task<WriteResult> WriteAsync(StorageWrite write, CancellationToken stop);

    /// <summary>Follows the changes under a prefix that come after a revision: each once, in order, without gaps.</summary>
    /// <param name="prefix">Ends with a slash, or is a whole key.</param>
    /// <param name="afterRevision">The first change handed out is newer than this.</param>
    IStorageWatch Watch(string prefix, long afterRevision);
}

/// <summary>One follower of changes. It is pulled, so a slow one costs nothing but its position.</summary>
internal interface IStorageWatch
{
    /// <summary>Waits for changes, at most for a while.</summary>
    /// <returns>Changes, or none when the time is over; with the revision up to which nothing is missing.</returns>
    /// <exception cref="CompactedException">The follower was too slow, or started too far back.</exception>
    ValueTask<WatchBatch> NextAsync(TimeSpan atMost, CancellationToken stop);
}
