namespace Margay.ApiServer.Storage;

/// <summary>History out of the log of this process. It has a row for every revision, so a page ends at its last row.</summary>
internal sealed class LoggedHistory(IEventLog log) : IChangeHistory
{
    public ValueTask<HistoryPage> ReadAsync(long after, long until, int most, CancellationToken stop)
    {
        IReadOnlyList<StorageEvent> page = log.Read(after, most);
        // Nothing: it was compacted in between, which the reader sees from the revision.
        return new(new HistoryPage(page, page.Count > 0 ? page[^1].Revision : after));
    }
}
