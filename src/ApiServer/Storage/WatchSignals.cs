using System.Collections.Concurrent;

namespace Margay.ApiServer.Storage;

/// <summary>
/// Wakes the watchers of a prefix when something under it is committed. A watcher of pods does not wake when an address
/// block changes, so the cost of a commit is the number of those who want it.
/// </summary>
internal sealed class WatchSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Ends at the next commit under the prefix. Take it before looking, wait for it after having found nothing.</summary>
    public Task Next(string prefix) => _waiting.GetOrAdd(prefix, static _ =>
        new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Raise(IReadOnlyList<StorageEvent> events)
    {
        if (_waiting.IsEmpty) return;
        foreach (StorageEvent change in events)
        {
            RaiseOne(change.Key);
            for (int i = 0; i < change.Key.Length; i++)
                if (change.Key[i] == '/') RaiseOne(change.Key[..(i + 1)]);
        }
    }

    /// <summary>Wakes everybody.</summary>
    public void RaiseAll()
    {
        foreach (string prefix in _waiting.Keys) RaiseOne(prefix);
    }

    private void RaiseOne(string prefix)
    {
        if (_waiting.TryRemove(prefix, out TaskCompletionSource? waiting)) waiting.TrySetResult();
    }
}
