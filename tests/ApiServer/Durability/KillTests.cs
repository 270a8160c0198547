using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Durability;

public sealed class KillTests : IDisposable
{
    private const int Writers = 8;
    private const int Watchers = 2;

    /// <summary>MARGAY_KILLS sets how often the server is killed; 20 when it is not set.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("MARGAY_KILLS"), out int kills) ? Math.Clamp(kills, 1, 1000) : 20;

    private TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _acknowledged = new(0);

    public void Dispose() => _acknowledged.Dispose();

    [Fact]
    public async Task Killed_again_and_again_under_eight_writers_no_acknowledged_write_is_lost_and_watchers_see_every_change_once()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var server = new ServerProcess();
        await server.StartAsync(stop);
        using var api = ApiClient.FromFolder(server.Address, server.Pki);
        const string Collection = "/api/v1/namespaces/default/configmaps";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        KilledWriter[] writers = [.. Enumerable.Range(0, Writers).Select(n =>
            new KilledWriter(api, Collection, n, () => _serving.Task, () => _acknowledged.Release()))];
        KilledWatcher[] watchers = [.. Enumerable.Range(0, Watchers).Select(_ => new KilledWatcher(api, Collection, () => _serving.Task))];
        Task[] watching = [.. watchers.Select(w => Task.Run(() => w.RunAsync(stop), stop))];
        Task[] writing = [.. writers.Select(w => Task.Run(() => w.RunAsync(end.Token), stop))];
        _serving.SetResult();
        var random = new Random(1);
        for (int kill = 0; kill < Kills; kill++)
        {
            // A point in the stream of writes, not in time: some kills come in the middle of a batch.
            int writes = random.Next(5, 200);
            Task failed = Task.WhenAny([.. writing, .. watching]);
            for (int i = 0; i < writes; i++)
                if (await Task.WhenAny(failed, _acknowledged.WaitAsync(stop)) == failed) await await Task.WhenAny([.. writing, .. watching]);
            _serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await server.KillAsync(stop);
            await server.StartAsync(stop);
            long now = long.Parse((await api.GetAsync("/api/v1/namespaces")).Expect(200).Version);
            Assert.True(now >= writers.Max(w => w.NewestVersion), $"the version fell back to {now}");
            _serving.SetResult();
        }
        await end.CancelAsync();
        await Task.WhenAll(writing);
        foreach (KilledWriter writer in writers) await writer.VerifyAsync();
        (await api.PostAsync(Collection, """{"metadata":{"name":"end"}}""")).Expect(201);
        await Task.WhenAll(watching);
        string[] state = [.. ((JsonArray)(await api.GetAsync(Collection)).Json["items"]!).Select(i => i!.ToJsonString())];
        foreach (KilledWatcher watcher in watchers) Assert.Equal(state, watcher.Objects);
    }
}
