namespace Margay.Node.Tests.Engine;

/// <summary>A clock that goes when it is told to, and says when somebody begins to wait for it.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private readonly TaskCompletionSource _awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = now;

    /// <summary>Done when somebody waits.</summary>
    public Task Awaited => _awaited.Task;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiter = new Waiter(this, () => callback(state));
        waiter.Change(dueTime, period);
        lock (_lock) _waiters.Add(waiter);
        _awaited.TrySetResult();
        return waiter;
    }

    public void Advance(TimeSpan by)
    {
        Waiter[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _waiters.Where(w => w.Due <= _now)];
            foreach (var waiter in due) _waiters.Remove(waiter);
        }
        foreach (var waiter in due) waiter.Call();
    }

    private sealed class Waiter(ManualTime time, Action call) : ITimer
    {
        public Action Call { get; } = call;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : time.GetUtcNow() + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (time._lock) time._waiters.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
