namespace Margay.ApiServer.Storage;

/// <summary>The changes that memory no longer holds.</summary>
internal interface IChangeHistory
{
    /// <summary>Reads changes after a revision, oldest first, whole revisions only.</summary>
    /// <param name="after">The first change is newer than this.</param>
    /// <param name="until">How far the reader needs them; the revision of a change, or where memory begins.</param>
    /// <param name="most">About how many at once; at least one.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="CompactedException">They are forgotten.</exception>
    ValueTask<HistoryPage> ReadAsync(long after, long until, int most, CancellationToken stop);
}

/// <summary>A piece of history.</summary>
/// <param name="Events">The changes.</param>
/// <param name="UpTo">No change up to here is missing.</param>
internal readonly record struct HistoryPage(IReadOnlyList<StorageEvent> Events, long UpTo);
