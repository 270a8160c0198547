using System.Text.Json.Nodes;
using Margay.ApiServer.Tests.Storage.Etcd;

namespace Margay.ApiServer.Tests.Durability;

/// <summary>Two API servers on one etcd cluster of three, with writers and watchers on both.</summary>
public sealed class EtcdKillTests : IDisposable
{
    private const string Collection = "/api/v1/namespaces/default/configmaps";
    private const int Members = 3;
    private const int WritersEach = 3;

    private readonly EtcdMember[] _members = [.. Enumerable.Range(0, Members).Select(n => new EtcdMember($"m{n}"))];
    private readonly ServerProcess[] _servers;
    private readonly TaskCompletionSource[] _serving = [NotServing(), NotServing()];
    private readonly SemaphoreSlim _acknowledged = new(0);

    public EtcdKillTests()
    {
        string[] storage = ["--storage", "etcd", "--etcd-servers", string.Join(',', _members.Select(m => m.Address))];
        _servers = [new ServerProcess(storage), new ServerProcess(storage)];
    }

    /// <summary>MARGAY_KILLS sets how often something is killed; 6 when it is not set.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("MARGAY_KILLS"), out int kills) ? Math.Clamp(kills, 1, 1000) : 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Cluster => string.Join(',', _members.Select(m => $"{m.Name}={m.Peer}"));

    public void Dispose()
    {
        foreach (ServerProcess server in _servers) server.Dispose();
        foreach (EtcdMember member in _members) member.Dispose();
        _acknowledged.Dispose();
    }

    [Fact]
    public async Task With_etcds_leader_and_servers_killed_under_writers_no_acknowledged_write_is_lost_and_watchers_of_both_see_every_change_once()
    {
        foreach (EtcdMember member in _members) member.Start(Cluster);
        await _servers[0].StartAsync(Stop);
        _servers[1].ShareAuthority(_servers[0]);
        await _servers[1].StartAsync(Stop);
        ApiClient[] api = [.. _servers.Select(s => ApiClient.FromFolder(s.Address, s.Pki))];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        KilledWriter[] writers = [.. Enumerable.Range(0, 2 * WritersEach).Select(n =>
            new KilledWriter(api[n % 2], Collection, n, () => _serving[n % 2].Task, () => _acknowledged.Release()))];
        KilledWatcher[] watchers = [.. Enumerable.Range(0, 2).Select(n => new KilledWatcher(api[n], Collection, () => _serving[n].Task))];
        foreach (TaskCompletionSource serving in _serving) serving.SetResult();
        Task[] running = [.. watchers.Select(w => Task.Run(() => w.RunAsync(Stop), Stop)), .. writers.Select(w => Task.Run(() => w.RunAsync(end.Token), Stop))];
        Task[] watching = running[..2], writing = running[2..];
        for (int kill = 0; kill < Kills; kill++)
        {
            await SomeWritesAsync(30, running);
            if (kill % 2 == 0) await KillLeaderAsync();
            else await KillServerAsync(kill / 2 % 2);
        }
        await SomeWritesAsync(30, running);
        await end.CancelAsync();
        await Task.WhenAll(writing);
        foreach (KilledWriter writer in writers) await writer.VerifyAsync();
        (await api[0].PostAsync(Collection, """{"metadata":{"name":"end"}}""")).Expect(201);
        await Task.WhenAll(watching);
        foreach (ApiClient client in api)
        {
            string[] state = [.. ((JsonArray)(await client.GetAsync(Collection)).Json["items"]!).Select(i => i!.ToJsonString())];
            foreach (KilledWatcher watcher in watchers) Assert.Equal(state, watcher.Objects);
            client.Dispose();
        }
    }

    private static TaskCompletionSource NotServing() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for acknowledgements; a writer or watcher that failed ends the test.</summary>
    private async Task SomeWritesAsync(int count, Task[] running)
    {
        for (int i = 0; i < count; i++)
        {
            Task failed = Task.WhenAny(running);
            if (await Task.WhenAny(failed, _acknowledged.WaitAsync(Stop)) == failed) await await Task.WhenAny(running);
        }
    }

    private async Task KillLeaderAsync()
    {
        foreach (EtcdMember member in _members)
        {
            // One that has just been started may not answer: it does not lead.
            if (await member.TryControlAsync(Stop, "endpoint", "status", "-w", "json") is not { } said) continue;
            var status = JsonNode.Parse(said)![0]!["Status"]!;
            if ((ulong)status["leader"]! != (ulong)status["header"]!["member_id"]!) continue;
            await member.KillAsync(Stop);
            // The two others elect and go on; only then it comes back.
            while (_acknowledged.Wait(0)) { }
            for (int i = 0; i < 10; i++) await _acknowledged.WaitAsync(Stop);
            member.Start(Cluster);
            return;
        }
        // An election is under way: the next round finds a leader.
    }

    private async Task KillServerAsync(int which)
    {
        _serving[which] = NotServing();
        await _servers[which].KillAsync(Stop);
        await _servers[which].StartAsync(Stop);
        _serving[which].SetResult();
    }
}
