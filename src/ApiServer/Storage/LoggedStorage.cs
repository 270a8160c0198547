using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage;

/// <summary>
/// Storage of one process over a durable log. One thread owns all writes: it takes whatever has queued up, decides each
/// against the state the earlier ones leave, makes the batch durable with one sync, publishes it, and only then answers.
/// Many writers therefore share a sync instead of queueing for one each.
/// </summary>
internal sealed class LoggedStorage : IStorage
{
    private const int LargestBatch = 512;

    private readonly IEventLog _log;
    private readonly LoggedHistory _history;
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RevisionedState _state;
    private readonly BlockingCollection<PendingWrite> _queue = new(boundedCapacity: 16 * LargestBatch);
    private readonly Thread _writer;
    private long _compactionLookedAt;
    private DateTimeOffset _compactionDue;
    private bool _broken;
    private volatile string? _trouble;

    public LoggedStorage(IEventLog log, StorageOptions options, TimeProvider time, ILogger logger)
    {
        (_log, _options, _time, _logger) = (log, options, time, logger);
        _history = new LoggedHistory(log);
        _state = new RevisionedState(options.WindowEvents);
        LogContents contents = log.Load(options.WindowEvents);
        _state.Load(contents.Snapshot, contents.Recent, contents.Compacted);
        _compactionDue = time.GetUtcNow() + options.CompactionInterval;
        _compactionLookedAt = contents.Snapshot.Revision;
        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "storage writer" };
        _writer.Start();
    }

    public long CurrentRevision => _state.Current.Revision;

    public long CompactedRevision => _state.Compacted;

    public string? Trouble => _trouble;

    /// <summary>Nobody else writes: what is committed is visible.</summary>
    public ValueTask CatchUpAsync(CancellationToken stop) => default;

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken stop) => new(_state.Current.Get(key));

    public ValueTask<StoragePage> ListAsync(StorageQuery query, CancellationToken stop)
    {
        Snapshot now = _state.Current;
        if (query.Revision == 0 || query.Revision == now.Revision) return new(now.Range(query));
        if (query.Revision > now.Revision) throw new FutureRevisionException(query.Revision, now.Revision);
        return new(At(query.Revision, query.Prefix).Range(query));
    }

    public Task<WriteResult> WriteAsync(StorageWrite write, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var pending = new PendingWrite(write);
        try
        {
            _queue.Add(pending, stop);
        }
        catch (InvalidOperationException e) when (_queue.IsAddingCompleted)
        {
            throw new StorageUnavailableException("The server is stopping.", e);
        }
        return pending.Answer.Task;
    }

    public IStorageWatch Watch(string prefix, long afterRevision) => new LogWatch(_state, _history, prefix, afterRevision);

    public async ValueTask DisposeAsync()
    {
        if (_queue.IsAddingCompleted) return;
        _queue.CompleteAdding();
        await Task.Run(_writer.Join);
        _log.Dispose();
        _queue.Dispose();
    }

    /// <summary>The state of a prefix at an earlier revision: the newest one with the changes since then undone.</summary>
    private Snapshot At(long revision, string prefix)
    {
        if (revision < CompactedRevision) throw new CompactedException(revision, CompactedRevision);
        var since = new List<StorageEvent>();
        Snapshot now = _state.CaptureSince(revision, prefix, since, out long tail);
        var older = new List<StorageEvent>();
        for (long position = revision; position < tail;)
        {
            IReadOnlyList<StorageEvent> page = _log.Read(position, (int)Math.Min(1000, tail - position));
            if (revision < CompactedRevision) throw new CompactedException(revision, CompactedRevision);
            older.AddRange(page.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)));
            position = page[^1].Revision;
        }
        return now.Without([.. older, .. since], revision);
    }

    private void WriteLoop()
    {
        var batch = new List<PendingWrite>(LargestBatch);
        while (!_queue.IsCompleted)
        {
            if (_queue.TryTake(out PendingWrite? first, _options.CompactionInterval))
            {
                batch.Add(first);
                while (batch.Count < LargestBatch && _queue.TryTake(out PendingWrite? more)) batch.Add(more);
                Commit(batch);
                batch.Clear();
            }
            CompactWhenDue();
        }
    }

    private void Commit(List<PendingWrite> batch)
    {
        if (_broken)
        {
            Refuse(batch, new StorageUnavailableException(_trouble!));
            return;
        }
        long started = _time.GetTimestamp();
        CommitPlan plan = CommitPlan.Make(_state.Current, batch);
        if (plan.Events.Count > 0)
        {
            try
            {
                _log.Append(plan.Events, _time.GetUtcNow());
            }
            catch (LogFailedException e)
            {
                Fail(batch, e);
                return;
            }
            _state.Publish(plan.Next, plan.Events);
            _options.OnCommit?.Invoke(plan.Events.Count, _time.GetElapsedTime(started));
        }
        if (_trouble is not null && plan.Events.Count > 0) Recovered();
        plan.Answer();
    }

    private void Fail(List<PendingWrite> batch, LogFailedException failure)
    {
        // After a failed sync the kernel may have dropped the dirty pages and report the next sync as good: nothing that
        // this process writes to this file can be trusted any more. A full disk before the commit is different: SQLite
        // has rolled the batch back, and the next attempt is as good as any.
        _broken = !failure.RolledBack;
        if (_trouble is null) _logger.WritesRefused(failure.Message, failure);
        _trouble = failure.Message;
        Refuse(batch, new StorageUnavailableException(failure.Message, failure));
    }

    private void Recovered()
    {
        _trouble = null;
        _logger.WritesAccepted();
    }

    private static void Refuse(List<PendingWrite> batch, StorageUnavailableException cause)
    {
        foreach (PendingWrite write in batch) write.Answer.TrySetException(cause);
    }

    private void CompactWhenDue()
    {
        DateTimeOffset now = _time.GetUtcNow();
        long current = CurrentRevision;
        bool many = current - _compactionLookedAt > Math.Max(100, _options.RetainEvents / 10);
        if (_broken || (!many && now < _compactionDue)) return;
        _compactionDue = now + _options.CompactionInterval;
        _compactionLookedAt = current;
        try
        {
            long target = Math.Max(current - _options.RetainEvents, _log.RevisionBefore(now - _options.RetainFor, CompactedRevision));
            if (target <= CompactedRevision) return;
            _state.Compacted = target;           // readers turn away first, then the rows go
            _log.Compact(target);
        }
        catch (LogFailedException e)
        {
            _logger.CompactionFailed(e.Message, e);
        }
    }
}
