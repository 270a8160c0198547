namespace Margay.Cni.Tests.Harness;

/// <summary>Time that stands until a test moves it: past a wait that somebody has begun.</summary>
internal sealed class ManualTime : TimeProvider, IDisposable
{
    private readonly SemaphoreSlim _waits = new(0);
    private readonly Queue<Wait> _begun = new();

    /// <summary>Waits until somebody waits, and ends that.</summary>
    public async Task AdvanceWhenWaitedForAsync(CancellationToken stop)
    {
        await _waits.WaitAsync(stop);
        Wait wait;
        lock (_begun) wait = _begun.Dequeue();
        wait.End();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var wait = new Wait(() => callback(state));
        lock (_begun) _begun.Enqueue(wait);
        _waits.Release();
        return wait;
    }

    public void Dispose() => _waits.Dispose();

    private sealed class Wait(Action end) : ITimer
    {
        public void End() => end();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
