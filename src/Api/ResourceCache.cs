using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Api;

/// <summary>
/// What a collection holds, followed by list and watch: reads cost nothing and never wait for the server. Reads see each
/// object's states in order, some possibly skipped. Treat what it returns as read-only: everybody gets the same objects.
/// </summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ResourceCache<T> : IAsyncDisposable where T : Resource
{
    private readonly ConcurrentDictionary<ResourceKey, T> _objects = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<ChannelWriter<ResourceChange<T>>> _readers = [];
    private readonly Task _running;
    private volatile Exception? _trouble;

    internal ResourceCache(IResourceStore store, Scope scope)
    {
        var options = new InformerOptions { Trim = static _ => { }, OnTrouble = (_, cause) => _trouble = cause };
        var informer = new Informer(store, [new InformerSource(KindRegistry.Of<T>(), scope)], options);
        _running = Task.Run(() => FollowAsync(informer));
    }

    /// <summary>Completes when everything that existed at the start is there.</summary>
    public Task InSync => _inSync.Task;

    /// <summary>Why the cache cannot follow the server just now; null while it does. It keeps trying, and keeps what it knows.</summary>
    public Exception? Trouble => _trouble;

    /// <summary>The objects as they are now, in no order.</summary>
    public IReadOnlyCollection<T> Items => [.. _objects.Values];

    /// <summary>An object, or null.</summary>
    /// <param name="namespace">Its namespace; null for kinds of the whole cluster.</param>
    /// <param name="name">Its name.</param>
    public T? Find(string? @namespace, string name) => _objects.GetValueOrDefault(KindRegistry.Of<T>().KeyOf(@namespace, name));

    /// <summary>
    /// Everything there is, as additions, and then every change, until <paramref name="stop"/> ends it or the cache is
    /// disposed of. A slow reader loses nothing; its changes wait in memory.
    /// </summary>
    /// <param name="stop">Ends it.</param>
    public async IAsyncEnumerable<ResourceChange<T>> ChangesAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        var changes = Channel.CreateUnbounded<ResourceChange<T>>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            // Under the lock that changes are told under, so that none is between what is there and what comes.
            foreach (var value in _objects.Values) changes.Writer.TryWrite(new(ChangeType.Added, value));
            if (_ended.IsCancellationRequested) changes.Writer.Complete();
            else _readers.Add(changes.Writer);
        }
        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(stop)) yield return change;
        }
        finally
        {
            lock (_lock) _readers.Remove(changes.Writer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested) return;
        await _ended.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            foreach (var reader in _readers) reader.TryComplete();
        }
        _inSync.TrySetCanceled();
        _ended.Dispose();
    }

    private async Task FollowAsync(Informer informer)
    {
        var running = informer.RunAsync(_ended.Token);
        await foreach (var batch in informer.Batches.ReadAllAsync(_ended.Token))
        {
            lock (_lock)
            {
                foreach (var update in batch.Updates) Apply(update);
            }
            if (batch.InSync) _inSync.TrySetResult();
        }
        await running;
    }

    private void Apply(in ResourceUpdate update)
    {
        bool known = _objects.TryGetValue(update.Key, out var before);
        if (update.Value is T value)
        {
            _objects[update.Key] = value;
            Tell(new(known ? ChangeType.Modified : ChangeType.Added, value));
        }
        else if (known)
        {
            _objects.TryRemove(update.Key, out _);
            Tell(new(ChangeType.Deleted, before!));
        }
    }

    private void Tell(ResourceChange<T> change)
    {
        foreach (var reader in _readers) reader.TryWrite(change);
    }
}

/// <summary>What happened to an object.</summary>
public enum ChangeType
{
    /// <summary>It is new to the reader.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone; the value is the last state that was seen.</summary>
    Deleted,
}

/// <summary>A change of an object.</summary>
/// <typeparam name="T">The kind.</typeparam>
/// <param name="Type">What happened.</param>
/// <param name="Value">The object.</param>
public readonly record struct ResourceChange<T>(ChangeType Type, T Value) where T : Resource;
