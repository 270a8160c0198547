using Margay.ApiServer.Storage;
using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Follows one kind in the cluster and keeps its newest changes, each with the state before it, for however many watchers.
/// When the thread is lost (the cluster has forgotten the version), it begins anew, and watchers that were further back are told so.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="kind">The kind that is followed.</param>
/// <param name="time">The clock.</param>
/// <param name="retainEvents">How many changes are kept.</param>
/// <param name="derived">Where objects of another kind follow from those: which, and how.</param>
internal sealed class KindFeed(
    IResourceStore cluster, KindInfo kind, TimeProvider time, int retainEvents, (KindInfo Kind, Func<Resource, Resource> From)? derived = null)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>A watch that is open this long works, though nothing has happened.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Queue<StorageEvent> _events = [];
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _from;
    private long _upTo;
    private volatile string? _trouble = "not read yet";
    private long _followedSince = long.MaxValue;
    private TimeSpan _wait = FirstWait;

    /// <summary>Ends with the first list.</summary>
    public Task Listed => _listed.Task;

    /// <summary>What keeps changes from coming; null when nothing does.</summary>
    public string? Trouble => _trouble is { } why && !IsSettled ? $"{kind.QualifiedPlural}: {why}" : null;

    private bool IsSettled => Volatile.Read(ref _followedSince) is < long.MaxValue and var since && time.GetElapsedTime(since) >= Settled;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool list = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (list) await ListAsync(stop);
                list = false;
                await FollowAsync(stop);
            }
            catch (ApiException gone) when (gone.IsGone)
            {
                list = true;
            }
            catch (Exception cause) when (!stop.IsCancellationRequested)
            {
                _trouble = cause.Message;
                // What could not be understood would come again with the same version; the list shows the state that is.
                list |= !IsOnTheWay(cause);
            }
            if (IsSettled) _wait = FirstWait;
            Volatile.Write(ref _followedSince, long.MaxValue);
            _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
            await Task.Delay(_wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes what came after a revision and is under a prefix.</summary>
    /// <param name="after">The position.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="more">Ends when something changes after this look.</param>
    /// <exception cref="CompactedException">The position is further back than what is kept.</exception>
    public WatchBatch Read(long after, string prefix, out Task more)
    {
        lock (_lock)
        {
            more = _changed.Task;
            if (!_listed.Task.IsCompleted) return new WatchBatch([], after);
            if (after < _from) throw new CompactedException(after, _from);
            List<StorageEvent> events = [.. _events.Where(e => e.Revision > after && e.Key.StartsWith(prefix, StringComparison.Ordinal))];
            return new WatchBatch(events, Math.Max(after, _upTo));
        }
    }

    private async Task ListAsync(CancellationToken stop)
    {
        Listing list = await cluster.ListAsync(kind, default, stop);
        StoredObject[] items = [.. list.Items.Select(Read)];
        long revision = ResourceForm.Revision(list.ResourceVersion);
        lock (_lock)
        {
            _objects.Clear();
            _events.Clear();
            foreach (StoredObject item in items) _objects[item.Key] = item;
            _from = _upTo = revision;
            Wake();
        }
        _trouble = null;
        _listed.TrySetResult();
    }

    /// <summary>Whether a watch can go on from where it was: the cluster is away, or refuses for now.</summary>
    private static bool IsOnTheWay(Exception cause) =>
        cause is HttpRequestException or IOException or OperationCanceledException || (cause is ApiException refusal && refusal.Status.Code != 500);

    private async Task FollowAsync(CancellationToken stop)
    {
        Volatile.Write(ref _followedSince, time.GetTimestamp());
        await foreach (IReadOnlyList<WatchEvent> events in cluster.WatchAsync(kind, default, ResourceForm.Text(_upTo), stop))
        {
            lock (_lock)
            {
                foreach (WatchEvent happened in events) Take(happened);
                Wake();
            }
            // Only now the watch has shown that it works.
            _trouble = null;
            _wait = FirstWait;
        }
    }

    private StoredObject Read(Resource value) => derived is { } other ? ResourceForm.Read(other.Kind, other.From(value)) : ResourceForm.Read(kind, value);

    private void Take(WatchEvent happened)
    {
        if (happened.Type != WatchEventType.Bookmark && Change(Read(happened.Value), happened.Type) is { } change) Keep(change);
        _upTo = Math.Max(_upTo, ResourceForm.Revision(happened.Value.Metadata.ResourceVersion));
    }

    private StorageEvent? Change(StoredObject state, WatchEventType type)
    {
        StoredObject? before = _objects.GetValueOrDefault(state.Key);
        if (type != WatchEventType.Deleted)
        {
            _objects[state.Key] = state;
            return new StorageEvent(state.Revision, state.Key, state, before);
        }
        _objects.Remove(state.Key);
        return before is null ? null : new StorageEvent(state.Revision, state.Key, null, before);
    }

    private void Keep(StorageEvent change)
    {
        _events.Enqueue(change);
        while (_events.Count > retainEvents) _from = _events.Dequeue().Revision;
    }

    private void Wake()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
