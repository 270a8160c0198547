using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>
/// The state in an etcd cluster that several servers may share. Writes are transactions of etcd. Reads are from memory,
/// which follows etcd by a watch; <see cref="CatchUpAsync"/> makes them as new as the quorum.
/// </summary>
internal sealed class EtcdStorage : IStorage
{
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(10);

    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly EtcdKeys _keys;
    private readonly EtcdClient _etcd;
    private readonly EtcdHealth _health;
    private readonly RevisionedState _state;
    private readonly EtcdLoader _loader;
    private readonly EtcdWriter _writer;
    private readonly ReadBarrier _barrier;
    private readonly EtcdHistory _history;
    private readonly EtcdFeed _feed;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private EtcdStorage(EtcdOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time) = (options, time);
        _keys = new EtcdKeys(options.Prefix);
        _etcd = new EtcdClient(options, time);
        _health = new EtcdHealth(logger);
        _state = new RevisionedState(options.WindowEvents);
        _loader = new EtcdLoader(_etcd, _keys);
        _writer = new EtcdWriter(_etcd, _keys, _health);
        _barrier = new ReadBarrier(_etcd, _keys, _loader, _state, _health, options, time);
        _history = new EtcdHistory(_etcd, _keys, _state, time);
        _feed = new EtcdFeed(_etcd, _keys, _loader, _state, _health, time, logger);
        Compactor = new EtcdCompactor(_etcd, _keys, _state, options.CompactionInterval, time, logger);
    }

    public long CurrentRevision => _state.Current.Revision;

    public long CompactedRevision => _state.Compacted;

    public string? Trouble => _health.Trouble;

    /// <summary>For tests that do not want to wait for an interval.</summary>
    internal EtcdCompactor Compactor { get; }

    /// <summary>Reads the state and begins to follow it.</summary>
    /// <exception cref="StorageUnavailableException">No member answers.</exception>
    public static async Task<EtcdStorage> OpenAsync(EtcdOptions options, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        var storage = new EtcdStorage(options, time, logger);
        try
        {
            await storage.StartAsync(stop);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask CatchUpAsync(CancellationToken stop) => await _barrier.PassAsync(stop);

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken stop) => new(_state.Current.Get(key));

    public async ValueTask<StoragePage> ListAsync(StorageQuery query, CancellationToken stop)
    {
        Snapshot now = _state.Current;
        if (query.Revision == 0 || query.Revision == now.Revision) return now.Range(query);
        if (query.Revision > now.Revision) throw new FutureRevisionException(query.Revision, now.Revision);
        return (await AtAsync(query.Revision, query.Prefix, stop)).Range(query);
    }

    public async Task<WriteResult> WriteAsync(StorageWrite write, CancellationToken stop)
    {
        if (_health.IsFinal) throw new StorageUnavailableException(_health.Trouble!);
        StoredObject? known = _state.Current.Get(write.Key);
        // What memory has is committed: a write that expects something older cannot succeed any more.
        if (known?.Revision > write.ExpectedRevision) return new WriteResult(false, CurrentRevision, known);
        if (write is { Value: null, ExpectedRevision: 0 })
        {
            await _barrier.PassAsync(stop);
            return new WriteResult(false, CurrentRevision, _state.Current.Get(write.Key));
        }
        EtcdOutcome outcome = await _writer.WriteAsync(write, stop);
        return outcome.Committed ? await CommittedAsync(write, outcome) : await RefusedAsync(write, outcome, stop);
    }

    public IStorageWatch Watch(string prefix, long afterRevision) => new LogWatch(_state, _history, prefix, afterRevision);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _running;
        _etcd.Dispose();
        _stop.Dispose();
    }

    private async Task StartAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.StartTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        string last = "";
        while (true)
        {
            try
            {
                (Snapshot state, long compacted) = await _loader.LoadAsync(either.Token);
                _state.Load(state, [], compacted);
                break;
            }
            catch (RpcException e) when (EtcdFailures.MayPass(e))
            {
                last = EtcdFailures.Explain(e);
            }
            catch (RpcException e)
            {
                throw new StorageUnavailableException(EtcdFailures.Explain(e), e);
            }
            catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
            {
                throw new StorageUnavailableException($"{string.Join(", ", _options.Servers)}: nothing within {_options.StartTimeout.TotalSeconds} s. {last}", e);
            }
        }
        _running = Task.WhenAll(_feed.RunAsync(_stop.Token), Compactor.RunAsync(_stop.Token));
    }

    /// <summary>The write is durable. It is answered when memory has it, so that the same client then reads it.</summary>
    private async Task<WriteResult> CommittedAsync(StorageWrite write, EtcdOutcome outcome)
    {
        try
        {
            await _state.Revisions.Reach(outcome.Revision).WaitAsync(ArrivalLimit, _time);
        }
        catch (TimeoutException)
        {
            // The watch is broken just now; what etcd has said is true all the same.
        }
        if (write.Value is null) return new WriteResult(true, outcome.Revision, null);
        StoredObject? now = _state.Current.Get(write.Key);
        return new WriteResult(true, outcome.Revision, now?.Revision == outcome.Revision
            ? now
            : new StoredObject(write.Key, write.Value, outcome.Now!.CreateRevision, outcome.Revision));
    }

    /// <summary>The key or a guard is in another state, which a decision based on memory needs to see.</summary>
    private async Task<WriteResult> RefusedAsync(StorageWrite write, EtcdOutcome outcome, CancellationToken stop)
    {
        await _barrier.PassAsync(stop);
        return new WriteResult(false, outcome.Revision, _state.Current.Get(write.Key));
    }

    /// <summary>The state of a prefix at an earlier revision: the newest one with the changes since then undone.</summary>
    private async Task<Snapshot> AtAsync(long revision, string prefix, CancellationToken stop)
    {
        if (revision < CompactedRevision) throw new CompactedException(revision, CompactedRevision);
        var since = new List<StorageEvent>();
        Snapshot now = _state.CaptureSince(revision, prefix, since, out long tail);
        var older = new List<StorageEvent>();
        for (long position = revision; position < tail;)
        {
            HistoryPage page = await _history.ReadAsync(position, tail, 1000, stop);
            // A page may reach beyond where memory begins.
            older.AddRange(page.Events.Where(e => e.Revision <= tail && e.Key.StartsWith(prefix, StringComparison.Ordinal)));
            position = page.UpTo;
        }
        return now.Without([.. older, .. since], revision);
    }
}
