namespace Margay.ApiServer.Storage;

/// <summary>A write that waits for its answer.</summary>
internal sealed class PendingWrite(StorageWrite write)
{
    public StorageWrite Write { get; } = write;

    public TaskCompletionSource<WriteResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What a batch of writes comes to, before any of it is durable: pure, so it can be tested alone.</summary>
internal sealed class CommitPlan
{
    private readonly List<(PendingWrite Write, WriteResult Result)> _answers = [];

    private CommitPlan(Snapshot next, List<StorageEvent> events) => (Next, Events) = (next, events);

    public Snapshot Next { get; private set; }

    public IReadOnlyList<StorageEvent> Events { get; }

    public static CommitPlan Make(Snapshot current, IReadOnlyList<PendingWrite> batch)
    {
        var events = new List<StorageEvent>(batch.Count);
        var plan = new CommitPlan(current, events);
        var touched = new Dictionary<string, StoredObject?>(StringComparer.Ordinal);
        long revision = current.Revision;
        foreach (PendingWrite pending in batch)
        {
            StorageWrite write = pending.Write;
            StoredObject? old = Now(write.Key);
            if ((old?.Revision ?? 0) != write.ExpectedRevision || (old is null && write.Value is null) || !Holds(write.Guards))
            {
                plan._answers.Add((pending, new WriteResult(false, revision, old)));
                continue;
            }
            revision++;
            StoredObject? fresh = write.Value is null
                ? null
                : new StoredObject(write.Key, write.Value, old?.CreateRevision ?? revision, revision);
            touched[write.Key] = fresh;
            events.Add(new StorageEvent(revision, write.Key, fresh, old));
            plan._answers.Add((pending, new WriteResult(true, revision, fresh)));
        }
        plan.Next = current.With(events);
        return plan;

        StoredObject? Now(string key) => touched.TryGetValue(key, out StoredObject? changed) ? changed : current.Get(key);

        bool Holds(IReadOnlyList<StorageGuard>? guards) =>
            guards is null || guards.All(guard => (Now(guard.Key)?.Revision ?? 0) == guard.Revision);
    }

    public void Answer()
    {
        foreach (var (write, result) in _answers) write.Answer.TrySetResult(result);
    }
}
