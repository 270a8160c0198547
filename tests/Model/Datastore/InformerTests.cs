using CsCheck;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore;

public sealed class InformerTests
{
    private static readonly InformerOptions Fast = new() { FirstWait = TimeSpan.Zero, LongestWait = TimeSpan.Zero };

    private readonly InMemoryDatastore _store = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_exists_comes_before_the_sync_signal()
    {
        await WriteAsync(1, 1);
        await _store.CreateAsync(new Tier { Metadata = { Name = "t" } }, Stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer(_store, [Sets, new(KindRegistry.Of<Tier>()), new(KindRegistry.Of<Pod>())], Fast);
        var running = informer.RunAsync(end.Token);

        var before = new List<ResourceUpdate>();
        await foreach (var batch in informer.Batches.ReadAllAsync(Stop))
        {
            before.AddRange(batch.Updates);
            if (batch.InSync)
                break;
        }

        Assert.Equal(["NetworkSet(n/1)", "Tier(t)"], before.Select(update => update.Key.ToString()).Order());
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await informer.Batches.Completion;
    }

    [Fact]
    public async Task Whatever_happens_to_the_connection_nothing_is_lost_or_told_twice() =>
        await Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[1, 1000]).Array[1, 40].SampleAsync(
            async steps =>
            {
                var store = new InMemoryDatastore();
                using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
                var informer = new Informer(store, [Sets], Fast);
                var running = informer.RunAsync(end.Token);
                var seen = new Replay();
                foreach (var (action, name, value) in steps)
                {
                    if (action == 0)
                        store.DropWatches();
                    else if (action == 1)
                        store.Compact();
                    else if (action == 2)
                        store.Bookmark();
                    else if (action == 3)
                        await FailOnceAsync(store, value);
                    else if (action < 6)
                        await DeleteAsync(store, name);
                    else
                        await WriteAsync(store, name, value);
                }

                // A last change marks the end of the stream.
                var last = await WriteAsync(store, 99, 1);
                await foreach (var batch in informer.Batches.ReadAllAsync(Stop))
                {
                    seen.Apply(batch);
                    if (seen.Versions.GetValueOrDefault("99") == last.Metadata.ResourceVersion)
                        break;
                }

                var expected = await store.ListAsync<NetworkSet>(default, Stop);
                Assert.Equal(
                    expected.ToDictionary(set => set.Metadata.Name!, set => set.Metadata.ResourceVersion!).OrderBy(p => p.Key),
                    seen.Versions.OrderBy(p => p.Key));
                await end.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            },
            iter: 200);

    [Fact]
    public async Task Trouble_is_told_when_it_begins_and_when_it_ends()
    {
        var told = new List<string>();
        int failures = 3;
        _store.Intercept = (_, _, _) => failures-- > 0 ? throw new HttpRequestException("down") : Task.CompletedTask;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var options = Fast with { OnTrouble = (kind, error) => told.Add($"{kind.Kind} {error?.Message ?? "well"}") };
        var informer = new Informer(_store, [Sets], options);
        var running = informer.RunAsync(end.Token);

        Assert.True((await informer.Batches.ReadAsync(Stop)).InSync);

        Assert.Equal(["NetworkSet down", "NetworkSet well"], told);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_kind_that_the_server_does_not_have_holds_nothing_up_and_is_found_when_it_comes()
    {
        bool absent = true;
        var told = new List<string>();
        _store.Intercept = (_, kind, _) => absent && kind.Kind == "Tier" ? throw new ApiException(404, "NotFound", "the server could not find the requested resource") : Task.CompletedTask;
        await WriteAsync(1, 1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        // Without any wait the search for the kind would never let anybody else have a turn.
        var options = new InformerOptions { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(1), OnTrouble = (kind, _) => told.Add(kind.Kind) };
        var informer = new Informer(_store, [Sets, new(KindRegistry.Of<Tier>(), MayBeAbsent: true)], options);
        var running = informer.RunAsync(end.Token);
        var seen = new List<string>();
        await foreach (var batch in informer.Batches.ReadAllAsync(Stop))
        {
            seen.AddRange(batch.Updates.Select(u => u.Key.ToString()));
            if (!batch.InSync)
                continue;
            absent = false;
            await _store.CreateAsync(new Tier { Metadata = { Name = "t" } }, Stop);
            break;
        }

        Assert.Equal("Tier(t)", (await informer.Batches.ReadAsync(Stop)).Updates.Single().Key.ToString());
        Assert.Equal(["NetworkSet(n/1)"], seen);
        Assert.Empty(told);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_bug_ends_the_informer_instead_of_hiding()
    {
        _store.Intercept = (_, _, _) => throw new InvalidOperationException("bug");
        var informer = new Informer(_store, [Sets, new(KindRegistry.Of<Tier>())], Fast);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => informer.RunAsync(Stop));
        Assert.True(informer.Batches.Completion.IsCompleted);
    }

    [Fact]
    public async Task What_nobody_reads_is_trimmed()
    {
        await _store.CreateAsync(
            new NetworkSet
            {
                Metadata =
                {
                    Name = "1", Namespace = "n",
                    Annotations = new() { ["kubectl.kubernetes.io/last-applied-configuration"] = "{}", ["kept"] = "yes" },
                },
            },
            Stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer(_store, [Sets], Fast);
        var running = informer.RunAsync(end.Token);

        var batch = await informer.Batches.ReadAsync(Stop);

        Assert.Equal(["kept"], batch.Updates[0].Value!.Metadata.Annotations!.Keys);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Waits_double_up_to_the_limit_and_differ()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new Random(1));

        var waits = Enumerable.Range(0, 50).Select(_ => backoff.Next().TotalMilliseconds).ToList();

        Assert.InRange(waits[0], 50, 100);
        Assert.InRange(waits[2], 200, 400);
        Assert.All(waits.Skip(5), wait => Assert.InRange(wait, 500, 1000));
        Assert.True(waits.Skip(5).Distinct().Count() > 1);
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 50, 100);
    }

    private static InformerSource Sets => new(KindRegistry.Of<NetworkSet>());

    private Task<NetworkSet> WriteAsync(int name, int value) => WriteAsync(_store, name, value);

    private static async Task<NetworkSet> WriteAsync(InMemoryDatastore store, int name, int value)
    {
        var set = new NetworkSet { Metadata = { Name = $"{name}", Namespace = "n" }, Spec = { Nets = [$"10.0.0.{value % 256}/32"] } };
        return await store.FindAsync<NetworkSet>("n", $"{name}", Stop) is null
            ? await store.CreateAsync(set, Stop)
            : await store.UpdateAsync(set, Stop);
    }

    private static async Task DeleteAsync(InMemoryDatastore store, int name)
    {
        if (await store.FindAsync<NetworkSet>("n", $"{name}", Stop) is not null)
            await store.DeleteAsync<NetworkSet>("n", $"{name}", null, Stop);
    }

    // The connection breaks, and the informer's next list or watch fails; it comes back while the test goes on.
    private static async Task FailOnceAsync(InMemoryDatastore store, int kind)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Intercept = (verb, _, _) => verb is "list" or "watch" && failed.TrySetResult()
            ? throw (kind % 2 == 0 ? new IOException("cut") : new ApiException(410, StatusReason.Expired, "old"))
            : Task.CompletedTask;
        store.DropWatches();
        await failed.Task.WaitAsync(Stop);
    }

    private sealed class Replay
    {
        public Dictionary<string, string> Versions { get; } = [];

        public void Apply(InformerBatch batch)
        {
            foreach (var (key, value) in batch.Updates)
            {
                if (value is null)
                {
                    Assert.True(Versions.Remove(key.Name), "deleted twice");
                    continue;
                }

                string version = value.Metadata.ResourceVersion!;
                Assert.True(long.Parse(version) > long.Parse(Versions.GetValueOrDefault(key.Name, "0")), "told twice or out of order");
                Versions[key.Name] = version;
            }
        }
    }
}
