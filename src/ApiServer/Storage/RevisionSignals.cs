namespace Margay.ApiServer.Storage;

/// <summary>Tells those who wait for a revision that it is there.</summary>
internal sealed class RevisionSignals
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _reached;

    /// <summary>Ends when the revision is reached.</summary>
    public Task Reach(long revision)
    {
        lock (_gate)
        {
            if (_reached >= revision) return Task.CompletedTask;
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiting, revision);
            return waiting.Task;
        }
    }

    public void Raise(long revision)
    {
        lock (_gate)
        {
            _reached = Math.Max(_reached, revision);
            while (_waiting.TryPeek(out TaskCompletionSource? first, out long wanted) && wanted <= _reached)
            {
                _waiting.Dequeue();
                first.TrySetResult();
            }
        }
    }
}
