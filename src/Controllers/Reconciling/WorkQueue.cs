namespace Margay.Controllers.Reconciling;

/// <summary>
/// Keys that wait for a worker: each once, however often it is added, and never with two workers at a time; one that is
/// added while it is worked on comes again. A key that failed waits longer each time.
/// </summary>
internal sealed class WorkQueue(TimeProvider time, RetryWaits? waits = null) : IDisposable
{
    private readonly RetryWaits _waits = waits ?? new RetryWaits();
    private readonly Lock _lock = new();
    private readonly Queue<string> _ready = new();
    private readonly HashSet<string> _wanted = [];
    private readonly HashSet<string> _working = [];
    private readonly Dictionary<string, int> _failures = [];
    private readonly Dictionary<string, (DateTimeOffset Due, ITimer Timer)> _later = [];
    private readonly SemaphoreSlim _signal = new(0);
    private bool _disposed;

    /// <summary>How many keys wait for a worker.</summary>
    public int Length
    {
        get
        {
            lock (_lock) return _ready.Count;
        }
    }

    /// <summary>Adds a key.</summary>
    public void Add(string key)
    {
        lock (_lock)
        {
            if (_disposed) return;
            Forget(key);
            if (!_wanted.Add(key) || _working.Contains(key)) return;
            Offer(key);
        }
    }

    /// <summary>Adds a key after a while; an earlier time that was set stands.</summary>
    public void AddAfter(string key, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }
        lock (_lock)
        {
            var due = time.GetUtcNow() + wait;
            if (_disposed || (_later.TryGetValue(key, out var set) && set.Due <= due)) return;
            Forget(key);
            _later[key] = (due, time.CreateTimer(_ => Add(key), null, wait, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>The next key; <see cref="Done"/> must follow.</summary>
    public async ValueTask<string> TakeAsync(CancellationToken stop)
    {
        await _signal.WaitAsync(stop);
        lock (_lock)
        {
            string key = _ready.Dequeue();
            _wanted.Remove(key);
            _working.Add(key);
            return key;
        }
    }

    /// <summary>The worker is through with a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="succeeded">Whether it went well; if not, the key comes again after a wait.</param>
    /// <returns>How often it has failed in a row; before this time, if this time it went well.</returns>
    public int Done(string key, bool succeeded)
    {
        int failures;
        lock (_lock)
        {
            failures = _failures.GetValueOrDefault(key);
            if (succeeded) _failures.Remove(key);
            else _failures[key] = ++failures;
            _working.Remove(key);
            if (_wanted.Contains(key)) Offer(key);
        }
        if (!succeeded) AddAfter(key, _waits.After(failures));
        return failures;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var (_, timer) in _later.Values) timer.Dispose();
            _later.Clear();
        }
        _signal.Dispose();
    }

    private void Offer(string key)
    {
        _ready.Enqueue(key);
        _signal.Release();
    }

    private void Forget(string key)
    {
        if (_later.Remove(key, out var set)) set.Timer.Dispose();
    }
}
