namespace Margay.Node.Cluster;

/// <summary>
/// Which pods of this node the watch has told to be gone, by UID: a UID never comes back, so who was once told to be gone stays so.
/// A pod that the watch has not told yet is none of them. Any thread.
/// </summary>
internal sealed class PodEnds
{
    // More than pods end while one of them is being attached, by far.
    private const int Remembered = 4096;

    private readonly Lock _turn = new();
    private readonly HashSet<string> _ended = [];
    private readonly Queue<string> _order = [];
    private readonly Dictionary<string, List<TaskCompletionSource>> _followers = [];

    /// <summary>Whether a pod is gone, among those that ended lately.</summary>
    public bool Has(string uid)
    {
        lock (_turn) return _ended.Contains(uid);
    }

    /// <summary>A pod is gone.</summary>
    public void Add(string uid)
    {
        lock (_turn)
        {
            if (uid.Length == 0 || !_ended.Add(uid)) return;
            _order.Enqueue(uid);
            if (_order.Count > Remembered) _ended.Remove(_order.Dequeue());
            if (!_followers.Remove(uid, out var followers)) return;
            foreach (var follower in followers) follower.TrySetResult();
        }
    }

    /// <summary>Does something that a pod is needed for, and gives it up when the pod is told to be gone.</summary>
    /// <param name="uid">The pod.</param>
    /// <param name="work">What to do, until its token ends.</param>
    /// <param name="stop">Ends it too.</param>
    /// <returns>False when the pod is gone and the work was not done.</returns>
    public async Task<bool> WhileThereAsync(string uid, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        var ended = Follow(uid);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var working = work(either.Token);
            if (await Task.WhenAny(working, ended.Task) != working) await either.CancelAsync();
            await working;
            return true;
        }
        catch (OperationCanceledException) when (ended.Task.IsCompleted && !stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Leave(uid, ended);
        }
    }

    private TaskCompletionSource Follow(string uid)
    {
        var follower = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_turn)
        {
            if (_ended.Contains(uid))
            {
                follower.SetResult();
                return follower;
            }
            if (!_followers.TryGetValue(uid, out var followers)) _followers.Add(uid, followers = []);
            followers.Add(follower);
        }
        return follower;
    }

    private void Leave(string uid, TaskCompletionSource follower)
    {
        lock (_turn)
        {
            if (_followers.TryGetValue(uid, out var followers) && followers.Remove(follower) && followers.Count == 0) _followers.Remove(uid);
        }
    }
}
