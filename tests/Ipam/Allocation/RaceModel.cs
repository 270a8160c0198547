using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Collection;
using Margay.Ipam.Tests.Support;
using Margay.Ipam.Warm;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

/// <summary>
/// Processes of several nodes that start and stop pods, die, and come back or not, with a collector at work meanwhile.
/// After every single request what has been promised must hold; after collection nothing may be lost.
/// </summary>
internal sealed class RaceModel : IDisposable
{
    private readonly Cluster _cluster = new();
    private readonly Scheduler _scheduler;
    private readonly RaceSetting _setting;
    private readonly Dictionary<IpAddr, string> _live = [];
    private readonly HashSet<string> _livePods = [];
    private readonly HashSet<string> _asked = [];
    private readonly Dictionary<string, List<WarmGift>> _disk = [];
    private int _busy;

    public RaceModel(int seed, RaceSetting setting)
    {
        (_scheduler, _setting) = (new Scheduler(seed), setting);
        _cluster.Pool("p", "10.0.0.0/28", s => s.BlockSize = setting.BlockSize);
        if (setting.DualStack) _cluster.Pool("six", "fd00::/124", s => s.BlockSize = setting.Warm is null ? 126 : 125);
        _cluster.Settings(s => (s.StrictAffinity, s.IpCooldownSeconds) = (setting.Strict, setting.Cooldown));
        for (int n = 0; n < setting.Nodes; n++)
        {
            _cluster.Node($"n{n}");
            _disk[$"n{n}"] = [];
        }
        _scheduler.AfterStep = Check;
    }

    public Func<string, int, Scheduler.Death> Fate { set => _scheduler.Fate = value; }

    public int Assigned { get; private set; }

    /// <summary>Addresses that were given without a request to the datastore.</summary>
    public int TakenReady { get; private set; }

    public Scheduler Scheduler => _scheduler;

    public Dictionary<string, int> WritesOf { get; } = [];

    public void Dispose() => _cluster.Dispose();

    public void Run()
    {
        var processes = new List<Func<Task>>();
        for (int n = 0; n < _setting.Nodes; n++)
        {
            for (int p = 0; p < _setting.ProcessesPerNode; p++)
            {
                string node = $"n{n}", name = $"n{n}p{p}";
                processes.Add(() => WorkAsync(name, node));
            }
        }
        _busy = processes.Count;
        if (_setting.CollectMeanwhile) processes.Add(CollectAsync);
        _scheduler.Run(processes);
        CollectAtTheEnd();
    }

    private async Task WorkAsync(string process, string node)
    {
        try
        {
            await WorkInStepsAsync(process, node);
        }
        finally
        {
            _busy--;   // also when a promise is broken: the collector goes on as long as anybody works
        }
    }

    private async Task WorkInStepsAsync(string process, string node)
    {
        var client = Start(process, node);
        var running = new Queue<string>();
        for (int step = 0; step < _setting.Steps;)
        {
            bool add = running.Count == 0 || _scheduler.Next(3) > 0;
            string pod = add ? $"{process}-{step}" : running.Peek();
            _scheduler.Overtaken.Remove(process);
            if (add) _cluster.Pod(pod, node);
            else Forget(pod);
            while (true)
            {
                try
                {
                    if (add) await AddAsync(client, pod, node);
                    else await DeleteAsync(client, pod, node);
                    // Exactly what was asked for, once; unless a write of ours is stored after we thought it lost.
                    int held = Blocks().Sum(b => b.OfHandle($"k8s-pod-network.{pod}").Count()) + Unwritten(pod);
                    if (!_scheduler.Overtaken.Contains(process))
                        Assert.Equal(_livePods.Contains(pod) ? _setting.DualStack ? 2 : 1 : 0, held);
                    break;
                }
                catch (ProcessDied)
                {
                    if (_scheduler.Next(2) == 0) client = Start(process, node);   // else only its connection broke
                    if (_scheduler.Next(3) > 0) continue;   // the runtime asks again; else the pod is gone for good
                    Forget(pod);
                    add = false;
                    break;
                }
            }
            if (add && _livePods.Contains(pod)) running.Enqueue(pod);
            else if (running.Count > 0 && running.Peek() == pod) running.Dequeue();
            step++;
            if (_setting.Warm is null || _scheduler.Next(2) > 0) continue;
            try
            {
                await SettleAsync(client, process, node, running, step);
            }
            catch (ProcessDied)
            {
                if (_scheduler.Next(2) == 0) client = Start(process, node);
            }
        }
    }

    // Behind the answers; and a pod that starts while the write is under way.
    private async Task SettleAsync(IpamClient client, string process, string node, Queue<string> running, int step)
    {
        var settling = client.SettleAsync(node, CancellationToken.None).AsTask();
        try
        {
            string pod = $"{process}-{step}-meanwhile";
            if (!settling.IsCompleted && client.ReadyCount(node) > 0 && _scheduler.Next(2) == 0 && TryAddAtOnce(client, pod, node)) running.Enqueue(pod);
        }
        finally
        {
            Assert.Empty(await settling);
        }
    }

    // What is ready is given without waiting for anybody: the answer is there when the call returns, or the pod is given up.
    private bool TryAddAtOnce(IpamClient client, string pod, string node)
    {
        using var impatient = new CancellationTokenSource();
        _cluster.Pod(pod, node);
        var adding = AddAsync(client, pod, node, impatient.Token);
        if (adding.IsCompleted)
        {
            if (!adding.IsCompletedSuccessfully) Forget(pod);
            adding.GetAwaiter().GetResult();
            return _livePods.Contains(pod);
        }
        impatient.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => adding.GetAwaiter().GetResult());
        Forget(pod);
        return false;
    }

    private async Task DeleteAsync(IpamClient client, string pod, string node)
    {
        await client.ReleaseHandleAsync($"k8s-pod-network.{pod}", node, CancellationToken.None);
        _disk[node].RemoveAll(g => g.Handle == $"k8s-pod-network.{pod}");
    }

    private async Task AddAsync(IpamClient client, string pod, string node, CancellationToken stop = default)
    {
        var request = _cluster.Request(pod, node, 1, _setting.DualStack ? 1 : 0) with { IsFirst = _asked.Add(pod) };
        int before = _scheduler.Requests;
        if (await client.AssignAsync(request, stop) is not Assigned assigned)
        {
            // As runtimes do: a refusal leaves what an earlier attempt of the same handle got, and DEL takes it back.
            Forget(pod);
            await DeleteAsync(client, pod, node);
            return;
        }
        Assert.Equal(_setting.DualStack ? 2 : 1, assigned.Addresses.Count);
        // Dies with the address in its hands, before it is on disk and answered.
        if (_setting.Warm is not null && _scheduler.Next(10) == 0) throw new ProcessDied();
        _disk[node].RemoveAll(g => g.Handle == request.Handle);
        _disk[node].InsertRange(0, assigned.Addresses.Select(a => new WarmGift(a.Address, request.Handle, request.Attributes)));
        if (assigned.Addresses.All(a => !a.Known) && before == _scheduler.Requests) TakenReady += assigned.Addresses.Count;
        foreach (var address in assigned.Addresses)
        {
            Assert.False(_live.TryGetValue(address.Address, out string? other), $"{address.Address} was given to {pod} and {other}");
            _live[address.Address] = pod;
            Assigned++;
        }
        _livePods.Add(pod);
        _cluster.Pod(pod, node, [.. assigned.Addresses.Select(a => a.Address.ToString())]);
    }

    private void Forget(string pod)
    {
        foreach (var address in _live.Where(l => l.Value == pod).Select(l => l.Key).ToList()) _live.Remove(address);
        _livePods.Remove(pod);
        _cluster.Store.Remove<Pod>(pod, "shop");
    }

    private async Task CollectAsync()
    {
        var collector = Collector();
        while (_busy > 0)
        {
            try
            {
                await collector.RunAsync(CancellationToken.None);
            }
            catch (ProcessDied)
            {
                collector = Collector();
            }
            _cluster.Time.Advance(TimeSpan.FromMinutes(6));
        }
    }

    private void CollectAtTheEnd()
    {
        foreach (string node in _disk.Keys.Where(_ => _setting.Warm is not null))
        {
            // Every service starts again and writes down what the last one gave.
            var last = _cluster.Client(Options);
            last.Remember(node, [.. _disk[node]]);
            Assert.Empty(last.SettleAsync(node, CancellationToken.None).AsTask().GetAwaiter().GetResult());
        }
        var collector = _cluster.Collector();
        for (int round = 0; round < 6; round++)
        {
            _cluster.Time.Advance(TimeSpan.FromMinutes(16));
            collector.RunAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Check();
        }
        var given = Blocks().SelectMany(b => b.Allocations).Where(a => !a.Owner.IsCooling && a.Owner[OwnerAttributes.Type] != WarmOwner.Type)
            .Select(a => $"{a.Address} {a.Owner.HandleId}").Order();
        Assert.Equal(_live.Select(l => $"{l.Key} k8s-pod-network.{l.Value}").Order(), given);
        var report = IpamAudit.Examine(IpamSnapshot.ReadAsync(_cluster.Store, CancellationToken.None).AsTask().GetAwaiter().GetResult());
        Assert.Empty(report.Findings);
    }

    private void Check()
    {
        var blocks = Blocks().ToDictionary(b => b.Cidr);
        foreach (var (address, pod) in _live)
        {
            var block = blocks.Values.Single(b => b.Cidr.Contains(address));
            var owner = block.Find(address)?.Owner;
            Assert.NotNull(owner);
            string node = owner["node"]!;
            // Its own, or kept ready by the node whose disk says that it has given it.
            if (WarmOwner.IsOf(node, owner)) Assert.Contains(_disk[node], g => g.Address == address && g.Handle == $"k8s-pod-network.{pod}");
            else Assert.Equal($"k8s-pod-network.{pod}", owner.HandleId);
            if (block.Owner == BlockOwner.Host(node)) continue;
            Assert.False(_setting.Strict, $"{address} is borrowed by {node}");
            var handle = _cluster.Store.Peek<IPAMHandle>().SingleOrDefault(h => h.Spec.HandleId == $"k8s-pod-network.{pod}");
            Assert.True(handle?.Spec.Block.GetValueOrDefault(block.Cidr.ToString()) > 0, $"no handle object leads to borrowed {address} of {pod}");
        }
        var confirmed = _cluster.Store.Peek<BlockAffinity>().Where(a => a.Spec.State == BlockAffinityState.Confirmed).ToList();
        Assert.Equal(confirmed.Count, confirmed.Select(a => a.Spec.Cidr).Distinct().Count());
        foreach (var affinity in confirmed)
            Assert.Equal($"host:{affinity.Spec.Node}", blocks[IpPrefix.Parse(affinity.Spec.Cidr)].Owner.ToString());
    }

    private IEnumerable<Block> Blocks() => _cluster.Store.Peek<IPAMBlock>().Select(r =>
    {
        Assert.Empty(BlockRecord.Problems(r));
        return BlockRecord.TryRead(r, out var block, out string? problem) ? block : throw new InvalidOperationException(problem);
    });

    private IpamClient Start(string process, string node)
    {
        var client = new IpamClient(_scheduler.Connect(process, Counted(process)), Options, _cluster.Metrics, _cluster.Time, _setting.Warm is null ? null : View);
        client.Remember(node, [.. _disk[node]]);
        return client;
    }

    // From caches, as a node service has it.
    private ValueTask<IpamView> View(CancellationToken stop) => IpamView.ReadAsync(_cluster.Store, stop);

    private int Unwritten(string pod) => _live.Where(l => l.Value == pod)
        .Count(l => Blocks().First(b => b.Cidr.Contains(l.Key)).Find(l.Key) is { } found && found.Owner[OwnerAttributes.Type] == WarmOwner.Type);

    private IpamCollector Collector() =>
        new(_scheduler.Connect("collector", Counted("collector")), Options with { SoleWriterOfNode = false }, _cluster.Metrics, _cluster.Time, TimeSpan.FromMinutes(15));

    private IpamClientOptions Options => Cluster.Options with
    {
        SoleWriterOfNode = _setting.ProcessesPerNode == 1,
        WarmAddresses = _setting.Warm,
        Handles = _setting.AlwaysRecord ? HandleRecording.Always : HandleRecording.BorrowedOnly,
    };

    private MemoryStore Counted(string process)
    {
        WritesOf.TryAdd(process, 0);
        return _cluster.Store;
    }
}

internal sealed record RaceSetting
{
    public int Nodes { get; init; } = 3;

    public int ProcessesPerNode { get; init; } = 1;

    public int Steps { get; init; } = 6;

    public int BlockSize { get; init; } = 30;

    public bool Strict { get; init; }

    public bool DualStack { get; init; }

    public int Cooldown { get; init; }

    public bool AlwaysRecord { get; init; }

    public bool CollectMeanwhile { get; init; } = true;

    public int? Warm { get; init; }

    public static RaceSetting From(Random random)
    {
        var setting = Any(random);
        // Only a node's sole service keeps addresses ready, and only in blocks that have some to spare.
        return setting.Warm is null ? setting : setting with { ProcessesPerNode = 1, BlockSize = random.Next(28, 30), AlwaysRecord = false };
    }

    private static RaceSetting Any(Random random) => new()
    {
        Nodes = random.Next(1, 5),
        ProcessesPerNode = random.Next(1, 3),
        Steps = random.Next(2, 8),
        BlockSize = random.Next(28, 33),
        Strict = random.Next(3) == 0,
        DualStack = random.Next(3) == 0,
        Cooldown = random.Next(3) == 0 ? 300 : 0,
        AlwaysRecord = random.Next(3) == 0,
        CollectMeanwhile = random.Next(2) == 0,
        Warm = random.Next(6) switch { 0 or 1 => null, 2 => 0, var n => n - 2 },
    };
}
