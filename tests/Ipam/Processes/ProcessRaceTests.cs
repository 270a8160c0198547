using System.Collections.Concurrent;
using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Ipam.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Margay.Tests;
using Xunit;

namespace Margay.Ipam.Tests.Processes;

/// <summary>Sixteen processes and the real API server. The count of commands is MARGAY_IPAM_COMMANDS, for a soak.</summary>
public sealed class ProcessRaceTests(ITestOutputHelper output)
{
    private const int Processes = 16;

    private static readonly int CommandsEach =
        int.TryParse(Environment.GetEnvironmentVariable("MARGAY_IPAM_COMMANDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 8;

    private readonly ConcurrentDictionary<string, string> _live = new();   // address -> pod
    private readonly ConcurrentDictionary<string, string> _nodeOf = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("MARGAY_IPAM_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int seed) ? seed : Environment.TickCount & int.MaxValue;

    private readonly Random _random = new(Seed);
    private int _kills, _answers, _refused;

    [Fact]
    public async Task Sixteen_processes_killed_at_random_give_nothing_twice_and_lose_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(stop);
        await PrepareAsync(server.Store, stop);

        // Half of the nodes have one process that remembers its blocks and keeps addresses ready, the others have two or three that must not.
        List<Racer> racers = [.. Enumerable.Range(0, Processes).Select(i => i < 4
            ? new Racer(server.Kubeconfig, $"n{i}", server.NewFolder())
            : new Racer(server.Kubeconfig, $"n{4 + i % 4}", records: null))];
        await Task.WhenAll(racers.Select((r, i) => DriveAsync(r, i, racers, stop)));
        foreach (var racer in racers) await racer.DisposeAsync();
        foreach (var racer in racers.Where(r => r.Records is not null)) await GiveBackAsync(racer, server.Store, stop);

        output.WriteLine($"seed {Seed}: {_answers} answers, {_refused} refused, {_kills} kills, {_live.Count} pods running");
        Assert.Empty(_wrong);
        Assert.True(_kills > 0, "nobody was killed");
        await CheckAsync(server.Store, stop);
    }

    // A last service of the node writes down what the dead ones gave, and keeps nothing ready.
    private async Task GiveBackAsync(Racer racer, IResourceStore store, CancellationToken stop)
    {
        using var metrics = new IpamMetrics();
        var last = new IpamClient(new IpamStore(store), new IpamClientOptions { SoleWriterOfNode = true, WarmAddresses = 0 }, metrics, TimeProvider.System);
        last.Remember(racer.Node, WarmRecords.Read(racer.Records!, racer.Node));
        foreach (var lost in await last.SettleAsync(racer.Node, stop)) _wrong.Enqueue($"{lost.Address} was given to {lost.Handle} and is somebody else's");
        Assert.Equal(0, last.ReadyCount(racer.Node));
    }

    private static async Task PrepareAsync(IResourceStore store, CancellationToken stop)
    {
        try
        {
            await store.CreateAsync(new Namespace { Metadata = new() { Name = "shop" } }, stop);
        }
        catch (ApiException error) when (error.IsAlreadyExists)
        {
            // As good.
        }
        // 64 addresses in 8 blocks for 16 processes: claims, borrowing and exhaustion all happen.
        await store.CreateAsync(new IPPool { Metadata = new() { Name = "p" }, Spec = new() { Cidr = "10.7.0.0/26", BlockSize = 29, NodeSelector = "all()" } }, stop);
        for (int n = 0; n < 8; n++) await store.CreateAsync(new Node { Metadata = new() { Name = $"n{n}" } }, stop);
    }

    private async Task DriveAsync(Racer racer, int number, List<Racer> all, CancellationToken stop)
    {
        var running = new Queue<string>();
        for (int step = 0; step < CommandsEach; step++)
        {
            bool add = running.Count == 0 || (running.Count < 8 && Chance(2));
            string pod = add ? $"r{number}-{step}" : running.Dequeue();
            _nodeOf[pod] = racer.Node;
            if (!add) Stopped(pod);
            while (true)
            {
                string? answer = await racer.AskAsync($"{(add ? "add" : "del")} {pod}", stop);
                Interlocked.Increment(ref _answers);
                MaybeKill(all);
                // Died, or the connection failed: the runtime asks again, or the pod is given up without a word.
                if (answer is null || answer.StartsWith("failed", StringComparison.Ordinal))
                {
                    if (!Chance(4)) continue;
                    break;
                }
                if (answer.StartsWith("refused", StringComparison.Ordinal)) Interlocked.Increment(ref _refused);
                if (!answer.StartsWith("given", StringComparison.Ordinal)) break;
                string address = answer.Split(' ')[2];
                if (!_live.TryAdd(address, pod)) _wrong.Enqueue($"{address} was given to {pod} while {_live.GetValueOrDefault(address)} had it");
                running.Enqueue(pod);
                break;
            }
        }
    }

    private void Stopped(string pod)
    {
        foreach (var (address, owner) in _live)
        {
            if (owner == pod) _live.TryRemove(address, out _);
        }
    }

    // Whenever anybody has an answer, somebody else may be in the middle of something.
    private void MaybeKill(List<Racer> all)
    {
        if (!Chance(4)) return;
        Racer victim;
        lock (_random) victim = all[_random.Next(all.Count)];
        if (!victim.Busy) return;
        Interlocked.Increment(ref _kills);
        try
        {
            victim.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended this moment by itself.
        }
    }

    private bool Chance(int oneIn)
    {
        lock (_random) return _random.Next(oneIn) == 0;
    }

    private async Task CheckAsync(IResourceStore store, CancellationToken stop)
    {
        foreach (var (address, pod) in _live)
        {
            var made = await store.CreateAsync(new Pod
            {
                Metadata = new() { Namespace = "shop", Name = pod },
                Spec = new() { NodeName = _nodeOf[pod], Containers = [new Container { Name = "main", Image = "x" }] },
            }, stop);
            made.Status = new PodStatus { Phase = "Running", PodIP = address, PodIPs = [new PodIP { Ip = address }] };
            await store.UpdateStatusAsync(made, stop);
        }
        var time = new ManualTime();
        using var metrics = new IpamMetrics();
        var collector = new IpamCollector(new IpamStore(store), new IpamClientOptions(), metrics, time, IpamCollector.DefaultGrace);
        int released = 0;
        for (int round = 0; round < 6; round++)
        {
            released += (await collector.RunAsync(stop)).Released.Count;
            time.Advance(TimeSpan.FromMinutes(16));
        }
        var snapshot = await IpamSnapshot.ReadAsync(new IpamStore(store), stop);
        output.WriteLine($"{released} leaked addresses collected");
        var given = snapshot.Readable().SelectMany(b => b.Block.Allocations).Select(a => $"{a.Address} {a.Owner["pod"]}").Order();
        Assert.Equal(_live.Select(l => $"{IpAddr.Parse(l.Key)} {l.Value}").Order(), given);
        Assert.Empty(IpamAudit.Examine(snapshot).Findings);
    }
}
