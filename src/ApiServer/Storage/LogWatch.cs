namespace Margay.ApiServer.Storage;

/// <summary>Follows a prefix: from the window while it is near the head, from older history when it has fallen behind.</summary>
internal sealed class LogWatch(RevisionedState state, IChangeHistory history, string prefix, long position) : IStorageWatch
{
    private const int LargestRead = 2048;

    private readonly int _epoch = state.Epoch;
    private long _position = position;

    public async ValueTask<WatchBatch> NextAsync(TimeSpan atMost, CancellationToken stop)
    {
        var events = new List<StorageEvent>();
        var deadline = atMost;
        while (true)
        {
            Task more = state.Signals.Next(prefix);
            await AdvanceAsync(events, stop);
            if (events.Count > 0 || deadline <= TimeSpan.Zero) return new WatchBatch(events, _position);
            try
            {
                await more.WaitAsync(deadline, stop);
            }
            catch (TimeoutException)
            {
                deadline = TimeSpan.Zero;
            }
        }
    }

    /// <summary>Moves on until something is found or the head is reached.</summary>
    private async ValueTask AdvanceAsync(List<StorageEvent> events, CancellationToken stop)
    {
        while (events.Count == 0)
        {
            if (_position < state.Compacted || _epoch != state.Epoch) throw new CompactedException(_position, state.Compacted);
            if (state.TryReadWindow(_position, prefix, LargestRead, events, out long upTo))
            {
                bool atHead = upTo == _position;
                _position = upTo;
                if (atHead) return;
                continue;
            }
            // What the window gave back instead is where it begins.
            HistoryPage page = await history.ReadAsync(_position, upTo, LargestRead, stop);
            if (_position < state.Compacted) throw new CompactedException(_position, state.Compacted);
            events.AddRange(page.Events.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)));
            _position = page.UpTo;
        }
    }
}
