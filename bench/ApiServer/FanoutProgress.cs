using System.Diagnostics;

namespace Margay.Bench.ApiServer;

/// <summary>Which clients have heard of the change that is under way.</summary>
internal sealed class FanoutProgress(int clients) : IDisposable
{
    private readonly SemaphoreSlim _opened = new(0);
    private readonly double[] _round = new double[clients];
    private TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _began;
    private int _heard;
    private int _waitedFor;

    public List<double> Latencies { get; } = [];

    public void Opened() => _opened.Release();

    public async Task OpenedAsync(int count)
    {
        for (; _waitedFor < count; _waitedFor++) await _opened.WaitAsync();
        // What a watch begins with is over, too.
        await Task.Delay(20);
    }

    public void Begin()
    {
        _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _heard, 0);
        _began = Stopwatch.GetTimestamp();
    }

    public void Received()
    {
        double took = Stopwatch.GetElapsedTime(_began).TotalMilliseconds;
        int place = Interlocked.Increment(ref _heard);
        if (place > clients) return;
        _round[place - 1] = took;
        if (place == clients) _all.TrySetResult();
    }

    public async Task AllAsync(bool keep)
    {
        await _all.Task.WaitAsync(TimeSpan.FromSeconds(60));
        if (keep) Latencies.AddRange(_round);
    }

    public void Dispose() => _opened.Dispose();
}
