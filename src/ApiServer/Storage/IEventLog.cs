namespace Margay.ApiServer.Storage;

/// <summary>The durable half of <see cref="LoggedStorage"/>: an append-only log of changes that forgets its old end.</summary>
internal interface IEventLog : IDisposable
{
    /// <summary>Reads everything, oldest first, and the revision up to which history is forgotten.</summary>
    LogContents Load(int recent);

    /// <summary>Makes the changes durable, all of them or none. When it returns they survive a power failure.</summary>
    /// <exception cref="LogFailedException">They may or may not be there.</exception>
    void Append(IReadOnlyList<StorageEvent> events, DateTimeOffset at);

    /// <summary>Reads changes after a revision, oldest first. May run beside the writer.</summary>
    IReadOnlyList<StorageEvent> Read(long after, int most);

    /// <summary>The revision before the first change that is newer than a time, looking from a revision on.</summary>
    long RevisionBefore(DateTimeOffset cutoff, long from);

    /// <summary>Forgets superseded states up to a revision.</summary>
    void Compact(long revision);
}

/// <summary>What a log held when it was opened.</summary>
/// <param name="Snapshot">The newest state.</param>
/// <param name="Recent">The newest changes.</param>
/// <param name="Compacted">History begins after this revision.</param>
internal sealed record LogContents(Snapshot Snapshot, IReadOnlyList<StorageEvent> Recent, long Compacted);

/// <summary>The log could not be written.</summary>
/// <param name="message">What failed.</param>
/// <param name="cause">The engine's error.</param>
/// <param name="rolledBack">True when nothing of the batch can ever appear (the disk was full before the commit).</param>
internal sealed class LogFailedException(string message, Exception cause, bool rolledBack) : Exception(message, cause)
{
    public bool RolledBack { get; } = rolledBack;
}
