using CsCheck;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Tests.Storage;

public sealed class MemoryStorageTests : LoggedStorageSuite
{
    private protected override IEventLog NewLog() => new MemoryEventLog();

    [Fact]
    public void A_batch_of_any_writes_comes_to_what_one_at_a_time_would()
    {
        var write = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 12], Gen.Bool);
        write.List[0, 40].Sample(list =>
        {
            StorageWrite[] writes = [.. list.Select(w => new StorageWrite($"/k/{w.Item1}", w.Item2, w.Item3 ? [1] : null))];
            CommitPlan together = CommitPlan.Make(Snapshot.Empty, [.. writes.Select(w => new PendingWrite(w))]);
            Snapshot apart = Snapshot.Empty;
            var events = new List<StorageEvent>();
            foreach (StorageWrite one in writes)
            {
                CommitPlan plan = CommitPlan.Make(apart, [new PendingWrite(one)]);
                apart = plan.Next;
                events.AddRange(plan.Events);
            }
            return Shape(together.Events) == Shape(events) && together.Next.Revision == apart.Revision
                && Keys(together.Next) == Keys(apart) && Keys(together.Next.Without(together.Events, 1)).Length == 0;
        });
    }

    private static string Shape(IEnumerable<StorageEvent> events) => string.Join(';',
        events.Select(e => $"{e.Revision} {e.Key} {e.Previous?.Revision} {e.Current?.Revision}"));

    private static string Keys(Snapshot snapshot) => string.Join(';',
        snapshot.Range(new StorageQuery("/k/")).Items.Select(i => $"{i.Key} {i.Revision} {i.CreateRevision}"));
}
