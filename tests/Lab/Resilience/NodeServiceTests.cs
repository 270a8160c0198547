using System.Net;
using Margay.Lab.Commands;
using Margay.Lab.Matrix;
using Margay.Lab.Tests.ScenarioTests;
using Margay.Linux.Processes;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Margay.Model.Yaml;

namespace Margay.Lab.Tests.Resilience;

/// <summary>
/// Promises that must hold while node services die: in a lab, with real packets. The counts are those of a quick run;
/// MARGAY_KILLS and MARGAY_STARTS make them longer.
/// </summary>
[Collection("lab")]
[Trait("Needs", "lab")]
public sealed class NodeServiceTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private const int EchoPort = 7777;
    private const string Closed = """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: default.closed, namespace: green }
        spec:
          order: 1
          selector: all()
          types: [Ingress]
          ingress:
            - { action: Allow, protocol: TCP, source: { selector: app == 'a', namespaceSelector: color == 'red' }, destination: { ports: [7777] } }
        """;

    [Fact]
    public async Task Killing_the_node_service_lets_nothing_in_and_cuts_nothing()
    {
        Assert.True(lab.Obstacle is null, lab.Obstacle);
        var stop = TestContext.Current.CancellationToken;
        var policy = YamlReader.ReadOne(Closed)!.AsObject();
        await lab.ApplyAsync([policy.DeepClone().AsObject()], stop);
        try
        {
            var world = await WorldAsync(stop);
            string node = world.NodeOf("green/b");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            // The server outlives the conversation: its end would look like a break.
            using var echo = Traffic.ServeEcho(world.NetnsOf("green/b"), EchoPort, stop);
            await ClosedToAsync(world, "blue/a", "green/b", stop);
            long before = Traffic.DatagramsReceived(world.NetnsOf("green/b"));
            var flood = Traffic.FloodAsync(world.NetnsOf("blue/a"), new IPEndPoint(world.AddressOf("green/b"), 5353), ended.Token);
            var conversation = Traffic.ConverseAsync(world.NetnsOf("red/a"), new IPEndPoint(world.AddressOf("green/b"), EchoPort), TimeProvider.System, ended.Token);

            int kills = int.Parse(Environment.GetEnvironmentVariable("MARGAY_KILLS") ?? "10");
            for (int i = 0; i < kills; i++)
            {
                var process = await RunningAsync(node, stop);
                Signals.Send(process.Pid, Signal.Kill);
                while (process.IsAlive) await Task.Delay(5, stop);
                // Sometimes in the middle of its start, sometimes when it is ready.
                if (i % 2 == 0) await ReadyAsync(node, stop);
                Assert.False(conversation.IsCompleted, "The permitted connection broke.");
            }
            await ReadyAsync(node, stop);
            await ended.CancelAsync();

            Assert.True(await flood > 1000);
            Assert.Equal(before, Traffic.DatagramsReceived(world.NetnsOf("green/b")));
            Assert.True((await conversation).RoundTrips > 100);
        }
        finally
        {
            await lab.DeleteAsync([policy], stop);
        }
    }

    [Fact]
    public async Task A_pod_that_starts_under_a_flood_never_receives_a_forbidden_packet()
    {
        Assert.True(lab.Obstacle is null, lab.Obstacle);
        var stop = TestContext.Current.CancellationToken;
        var policy = YamlReader.ReadOne(Closed)!.AsObject();
        var world = await WorldAsync(stop);
        string node = world.NodeOf("green/b");
        var target = Beside(world.AddressOf("green/b"));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // From a pod of the same node and from one of another.
        Task<long>[] floods =
        [
            .. world.Pods.Where(pod => !pod.StartsWith("green/", StringComparison.Ordinal) && !pod.StartsWith("kube-system/", StringComparison.Ordinal))
                .Select(pod => Traffic.FloodAsync(world.NetnsOf(pod), new IPEndPoint(target, 5353), ended.Token)),
        ];
        // The flood is one that a pod without policy does receive: otherwise the rest would prove nothing.
        Assert.True(await StartAsync("open", node, target, TimeSpan.FromMilliseconds(300), stop) > 0);
        await lab.ApplyAsync([policy.DeepClone().AsObject()], stop);
        try
        {
            await ClosedToAsync(world, "blue/a", "green/b", stop);
            int starts = int.Parse(Environment.GetEnvironmentVariable("MARGAY_STARTS") ?? "20");
            for (int i = 0; i < starts; i++)
            {
                // With the service running, dying while the pod starts, and dead before.
                if (i % 3 == 1) _ = KillSoonAsync(node, i, stop);
                if (i % 3 == 2) Signals.Send((await RunningAsync(node, stop)).Pid, Signal.Kill);
                Assert.Equal(0, await StartAsync($"flooded-{i}", node, target, TimeSpan.FromMilliseconds(20), stop));
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(floods);
            await lab.DeleteAsync([policy], stop);
        }
    }

    /// <summary>Starts a pod with the flooded address, lets it stand for a moment, and says how many datagrams it received.</summary>
    private async Task<long> StartAsync(string name, string node, IPAddress address, TimeSpan stand, CancellationToken stop)
    {
        await lab.Api.Store.CreateAsync(
            new Pod
            {
                Metadata = { Name = name, Namespace = "green", Annotations = new() { ["cni.projectcalico.org/ipAddrs"] = $"[\"{address}\"]" } },
                Spec = { NodeName = node, TerminationGracePeriodSeconds = 0, Containers = [new Container { Name = "main", Image = "sleep", Command = ["sleep", "infinity"] }] },
            },
            stop);
        string netns;
        while (true)
        {
            var pods = await lab.Api.ListAsync<Pod>(stop);
            if (MatrixPlan.Sources(pods, lab.Layout).FirstOrDefault(source => source.Label == $"green/{name}") is { } source)
            {
                netns = source.Netns;
                break;
            }
            await Task.Delay(10, stop);
        }
        await Task.Delay(stand, stop);
        long received = Traffic.DatagramsReceived(netns);
        await lab.Api.Store.DeleteAsync<Pod>("green", name, null, stop);
        while (await lab.Api.Store.FindAsync<Pod>("green", name, stop) is not null) await Task.Delay(10, stop);
        return received;
    }

    private async Task KillSoonAsync(string node, int seed, CancellationToken stop)
    {
        await Task.Delay(new Random(seed).Next(0, 60), stop);
        if (LabProcesses.Find(lab.Layout, $"margay-{node}") is { } process) Signals.Send(process.Pid, Signal.Kill);
    }

    private async Task<Margay.Lab.Processes.ProcessIdentity> RunningAsync(string node, CancellationToken stop)
    {
        while (true)
        {
            if (LabProcesses.Find(lab.Layout, $"margay-{node}") is { } process) return process;
            await Task.Delay(5, stop);
        }
    }

    /// <summary>Waits until the node's service serves its CNI socket: it does so only when the kernel has the whole policy.</summary>
    private async Task ReadyAsync(string node, CancellationToken stop)
    {
        while (true)
        {
            var process = await RunningAsync(node, stop);
            while (process.IsAlive)
            {
                if (Listens(process.Pid)) return;
                await Task.Delay(5, stop);
            }
        }
    }

    // The kernel knows the socket by the name that it was bound under, which has the process in it.
    private static bool Listens(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/net/unix").Contains($"cni.sock.{pid}", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task ClosedToAsync(World world, string from, string to, CancellationToken stop)
    {
        var probe = new ScenarioProbe(ProbeEnd.Parse(from), ProbeEnd.Parse(to), "udp", false, 5353, false);
        // One lost datagram proves nothing.
        for (int missed = 0; missed < 3;)
        {
            bool reached = await lab.Packets.ReachesAsync(probe, stop);
            missed = reached ? 0 : missed + 1;
            if (reached) await Task.Delay(20, stop);
        }
    }

    private async Task<World> WorldAsync(CancellationToken stop)
    {
        var pods = await lab.Api.ListAsync<Pod>(stop);
        return new World(pods, MatrixPlan.Sources(pods, lab.Layout));
    }

    // Another address of the same block, high in it, where no pod has been put.
    private static IPAddress Beside(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        bytes[3] |= 0x3f;
        return new IPAddress(bytes);
    }

    private sealed record World(IReadOnlyList<Pod> All, IReadOnlyList<ProbeSource> Sources)
    {
        public IEnumerable<string> Pods => Sources.Select(source => source.Label);

        public string NetnsOf(string pod) => Sources.Single(source => source.Label == pod).Netns;

        public string NodeOf(string pod) => Find(pod).Spec.NodeName!;

        public IPAddress AddressOf(string pod) => IPAddress.Parse(Find(pod).Status!.PodIP!);

        private Pod Find(string pod) => All.Single(p => $"{p.Metadata.Namespace}/{p.Metadata.Name}" == pod);
    }
}
