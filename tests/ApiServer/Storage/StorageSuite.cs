using System.Text;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Tests.Storage;

/// <summary>What every storage promises. An implementation is tested by deriving from this.</summary>
public abstract class StorageSuite : IAsyncLifetime
{
    private IStorage? _storage;

    private protected IStorage Storage => _storage!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty storage whose window in memory holds only a few changes.</summary>
    private protected abstract ValueTask<IStorage> OpenAsync();

    public async ValueTask InitializeAsync() => _storage = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Storage.DisposeAsync();
        Cleanup();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Cleanup() { }

    private protected void Use(IStorage storage) => _storage = storage;

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private protected static string Text(StoredObject? item) => item is null ? "" : Encoding.UTF8.GetString(item.Value.Span);

    private protected async Task<StoredObject> Create(string key, string value = "x")
    {
        WriteResult result = await Storage.WriteAsync(StorageWrite.Create(key, Bytes(value)), Stop);
        Assert.True(result.Committed);
        return result.Current!;
    }

    private protected async Task<StoredObject> Update(StoredObject old, string value)
    {
        WriteResult result = await Storage.WriteAsync(StorageWrite.Update(old, Bytes(value)), Stop);
        Assert.True(result.Committed);
        return result.Current!;
    }

    private protected static async Task<List<StorageEvent>> Take(IStorageWatch watch, int count)
    {
        var events = new List<StorageEvent>();
        while (events.Count < count) events.AddRange((await watch.NextAsync(TimeSpan.FromSeconds(30), Stop)).Events);
        return events;
    }

    [Fact]
    public async Task A_created_key_is_read_back_with_its_revision()
    {
        StoredObject made = await Create("/pods/a/one", "first");
        StoredObject? read = await Storage.GetAsync("/pods/a/one", Stop);
        Assert.Equal("first", Text(read));
        Assert.Equal(made.Revision, read!.Revision);
        Assert.Equal(made.Revision, read.CreateRevision);
        Assert.True(Storage.CurrentRevision >= made.Revision);
    }

    [Fact]
    public async Task Creating_an_existing_key_is_refused_and_says_what_is_there()
    {
        StoredObject made = await Create("/pods/a/one", "first");
        WriteResult again = await Storage.WriteAsync(StorageWrite.Create("/pods/a/one", Bytes("second")), Stop);
        Assert.False(again.Committed);
        Assert.Equal(made.Revision, again.Current!.Revision);
        Assert.Equal("first", Text(await Storage.GetAsync("/pods/a/one", Stop)));
    }

    [Fact]
    public async Task An_update_from_an_old_revision_is_refused_and_changes_nothing()
    {
        StoredObject first = await Create("/pods/a/one");
        StoredObject second = await Update(first, "second");
        Assert.False((await Storage.WriteAsync(StorageWrite.Update(first, Bytes("third")), Stop)).Committed);
        Assert.False((await Storage.WriteAsync(StorageWrite.Delete(first), Stop)).Committed);
        StoredObject? now = await Storage.GetAsync("/pods/a/one", Stop);
        Assert.Equal(("second", second.Revision), (Text(now), now!.Revision));
    }

    [Fact]
    public async Task An_update_keeps_the_create_revision_and_a_new_life_gets_a_new_one()
    {
        StoredObject first = await Create("/pods/a/one");
        StoredObject second = await Update(first, "second");
        Assert.Equal(first.CreateRevision, second.CreateRevision);
        await Storage.WriteAsync(StorageWrite.Delete(second), Stop);
        StoredObject reborn = await Create("/pods/a/one");
        Assert.True(reborn.CreateRevision > second.Revision);
    }

    [Fact]
    public async Task A_write_that_a_guard_forbids_changes_nothing_and_one_that_it_allows_does()
    {
        StoredObject space = await Create("/namespaces/a", "active");
        StorageWrite Guarded(StorageGuard guard) => StorageWrite.Create("/pods/a/one", Bytes("x")) with { Guards = [guard] };
        Assert.False((await Storage.WriteAsync(Guarded(new(space.Key, 0)), Stop)).Committed);
        StoredObject ending = await Update(space, "ending");
        Assert.False((await Storage.WriteAsync(Guarded(new(space.Key, space.Revision)), Stop)).Committed);
        Assert.Null(await Storage.GetAsync("/pods/a/one", Stop));
        Assert.True((await Storage.WriteAsync(Guarded(new(space.Key, ending.Revision)), Stop)).Committed);
    }

    [Fact]
    public async Task A_list_returns_a_prefix_in_key_order_and_not_its_neighbours()
    {
        foreach (string key in (string[])["/pods/b/2", "/pods/a/1", "/podsets/a/1", "/pods/b/1", "/pod/a/1"]) await Create(key);
        StoragePage all = await Storage.ListAsync(new StorageQuery("/pods/"), Stop);
        Assert.Equal(["/pods/a/1", "/pods/b/1", "/pods/b/2"], all.Items.Select(i => i.Key));
        StoragePage one = await Storage.ListAsync(new StorageQuery("/pods/b/"), Stop);
        Assert.Equal(["/pods/b/1", "/pods/b/2"], one.Items.Select(i => i.Key));
        Assert.True(all.Revision >= all.Items.Max(i => i.Revision));
    }

    [Fact]
    public async Task Pages_of_one_revision_together_are_the_state_at_that_revision_whatever_happens_between()
    {
        var made = new List<StoredObject>();
        for (int i = 0; i < 10; i++) made.Add(await Create($"/pods/a/{i}", $"old{i}"));
        StoragePage first = await Storage.ListAsync(new StorageQuery("/pods/", Limit: 4), Stop);
        Assert.Equal(6, first.Remaining);
        // More changes than the window holds: the older ones come from the log.
        await Storage.WriteAsync(StorageWrite.Delete(made[5]), Stop);
        for (int i = 0; i < 20; i++) made[6] = await Update(made[6], $"new{i}");
        await Create("/pods/a/55");
        StoragePage rest = await Storage.ListAsync(
            new StorageQuery("/pods/", first.Revision, first.Items[^1].Key, 100), Stop);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"old{i}"), first.Items.Concat(rest.Items).Select(Text));
        Assert.Equal(first.Revision, rest.Revision);
    }

    [Fact]
    public async Task A_list_at_a_revision_that_has_not_happened_is_refused()
    {
        await Create("/pods/a/1");
        await Assert.ThrowsAsync<FutureRevisionException>(async () =>
            await Storage.ListAsync(new StorageQuery("/pods/", Storage.CurrentRevision + 1000), Stop));
    }

    [Fact]
    public async Task A_watch_gives_every_change_after_a_revision_with_its_states_before_and_after()
    {
        StoredObject one = await Create("/pods/a/1", "v1");
        IStorageWatch watch = Storage.Watch("/pods/", one.Revision);
        StoredObject two = await Update(one, "v2");
        await Create("/nodes/n1");
        WriteResult gone = await Storage.WriteAsync(StorageWrite.Delete(two), Stop);
        List<StorageEvent> events = await Take(watch, 2);
        Assert.Equal([("v1", "v2"), ("v2", "")], events.Select(e => (Text(e.Previous), Text(e.Current))));
        Assert.Equal([two.Revision, gone.Revision], events.Select(e => e.Revision));
    }

    [Fact]
    public async Task A_watch_from_far_back_reads_what_memory_no_longer_holds()
    {
        StoredObject item = await Create("/pods/a/1", "0");
        for (int i = 1; i <= 50; i++) item = await Update(item, $"{i}");
        List<StorageEvent> events = await Take(Storage.Watch("/pods/", 1), 51);
        Assert.Equal(Enumerable.Range(0, 51).Select(i => $"{i}"), events.Select(e => Text(e.Current)));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), events.Skip(1).Select(e => Text(e.Previous)));
    }

    [Fact]
    public async Task A_quiet_watch_moves_its_revision_on_with_the_changes_of_others()
    {
        IStorageWatch watch = Storage.Watch("/pods/", Storage.CurrentRevision);
        StoredObject other = await Create("/nodes/n1");
        WatchBatch batch = await watch.NextAsync(TimeSpan.Zero, Stop);
        Assert.Empty(batch.Events);
        Assert.True(batch.Revision >= other.Revision);
    }

    [Fact]
    public async Task A_waiting_watch_wakes_for_its_prefix()
    {
        IStorageWatch watch = Storage.Watch("/pods/a/", Storage.CurrentRevision);
        Task<List<StorageEvent>> waiting = Take(watch, 1);
        await Create("/pods/b/1");
        await Create("/pods/a/1");
        Assert.Equal("/pods/a/1", (await waiting)[0].Key);
    }

    [Fact]
    public async Task Concurrent_writers_of_one_key_are_serialised_and_every_success_counts_once()
    {
        await Create("/counter", "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < 25;)
            {
                StoredObject now = (await Storage.GetAsync("/counter", Stop))!;
                var write = StorageWrite.Update(now, Bytes($"{int.Parse(Text(now)) + 1}"));
                if ((await Storage.WriteAsync(write, Stop)).Committed) done++;
            }
        }, Stop)));
        Assert.Equal("200", Text(await Storage.GetAsync("/counter", Stop)));
    }

    [Fact]
    public async Task A_list_and_the_changes_after_it_are_the_state_under_concurrent_writers()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task writers = Task.WhenAll(Enumerable.Range(0, 6).Select(w => Task.Run(() => Churn(new Random(w), 150), Stop)));
        var followers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Follow(done.Token), Stop)).ToArray();
        await writers;
        await Create("/pods/end");
        foreach (SortedDictionary<string, string> seen in await Task.WhenAll(followers))
        {
            StoragePage state = await Storage.ListAsync(new StorageQuery("/pods/"), Stop);
            Assert.Equal(state.Items.Select(i => (i.Key, Text(i))), seen.Select(p => (p.Key, p.Value)));
        }
    }

    private async Task Churn(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string key = $"/pods/{random.Next(3)}/{random.Next(10)}";
            StoredObject? now = await Storage.GetAsync(key, Stop);
            byte[]? value = now is not null && random.Next(3) == 0 ? null : Bytes($"{random.Next()}");
            await Storage.WriteAsync(new StorageWrite(key, now?.Revision ?? 0, value), Stop);
        }
    }

    /// <summary>Lists, then follows until the key "/pods/end" comes, and checks that every change fits on the one before.</summary>
    private async Task<SortedDictionary<string, string>> Follow(CancellationToken stop)
    {
        StoragePage start = await Storage.ListAsync(new StorageQuery("/pods/"), stop);
        var revisions = start.Items.ToDictionary(i => i.Key, i => i.Revision);
        var seen = new SortedDictionary<string, string>(start.Items.ToDictionary(i => i.Key, Text), StringComparer.Ordinal);
        IStorageWatch watch = Storage.Watch("/pods/", start.Revision);
        long last = start.Revision;
        while (!seen.ContainsKey("/pods/end"))
        {
            foreach (StorageEvent change in (await watch.NextAsync(TimeSpan.FromSeconds(30), stop)).Events)
            {
                Assert.True(change.Revision > last);
                last = change.Revision;
                Assert.Equal(revisions.GetValueOrDefault(change.Key), change.Previous?.Revision ?? 0);
                revisions[change.Key] = change.Current?.Revision ?? 0;
                if (change.Current is null) seen.Remove(change.Key);
                else seen[change.Key] = Text(change.Current);
            }
        }
        return seen;
    }
}
