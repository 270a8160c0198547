using System.Net;
using System.Net.Sockets;
using Margay.Lab.Matrix;
using Margay.Lab.Processes;
using Margay.Lab.Tests.Resilience;
using Margay.Linux.Namespaces;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>
/// A protected pod (siege.yaml, siege-policy.yaml) with a permitted client that never stops to talk and forbidden ones that never stop to knock, while
/// other pods come and go: the frame of every test in which something of the cluster is away for a moment.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    private const string Namespace = "siege";
    private const int EchoPort = 7777;
    private const int FloodPort = 5353;

    private static readonly string[] _forbidden = ["near", "far"];

    private readonly Testbed _testbed;
    private readonly Dictionary<string, Place> _pods;
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
    private readonly Churn _churn;
    private Socket? _echo;
    private Task<long>[] _floods = [];
    private Task<(long RoundTrips, TimeSpan Longest)> _conversation = Task.FromResult((0L, TimeSpan.Zero));
    private Task _churning = Task.CompletedTask;
    private long _before;

    private Siege(Testbed testbed, Dictionary<string, Place> pods)
    {
        (_testbed, _pods, _churn) = (testbed, pods, new Churn(testbed, Namespace));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts the pods, sees that all clients get in without policy and one alone with it, and starts the traffic.</summary>
    public static async Task<Siege> BeginAsync(Testbed testbed)
    {
        await testbed.KubectlAsync("apply", "-f", InFolder("siege.yaml"));
        await testbed.KubectlAsync("delete", "-f", InFolder("siege-policy.yaml"), "--ignore-not-found");
        await testbed.KubectlAsync("-n", Namespace, "wait", "pod/server", "pod/permitted", "pod/near", "pod/far", "--for=condition=Ready", "--timeout=300s");
        var siege = new Siege(testbed, await PodsAsync(testbed));
        try
        {
            await siege.StartAsync();
        }
        catch
        {
            await siege.DisposeAsync();
            throw;
        }
        return siege;
    }

    /// <summary>Waits until pods are just coming or going.</summary>
    public async Task AwaitChangeAsync()
    {
        int rounds = _churn.Rounds;
        await Until.FineAsync(() => Task.FromResult(_churn.Rounds > rounds || _churning.IsCompleted ? null : "The number of pods does not change."));
    }

    /// <summary>The permitted connection lives, and no two pods have had one address.</summary>
    /// <param name="when">What has just happened, for the message.</param>
    public void Holds(string when)
    {
        Assert.False(_conversation.IsCompleted, $"The permitted connection broke at {when}: {_conversation.Exception?.InnerException?.Message}");
        Assert.False(_churning.IsCompleted, $"{_churning.Exception?.InnerException?.Message} at {when}");
    }

    /// <summary>Ends the traffic: nothing forbidden has arrived, everything converges, and policy stands as before.</summary>
    /// <returns>What there was, for the log.</returns>
    public async Task<string> EndAsync()
    {
        await _ended.CancelAsync();
        await _churning;
        long[] sent = await Task.WhenAll(_floods);
        Assert.All(sent, count => Assert.True(count > 100));
        Assert.Equal(_before, Traffic.DatagramsReceived(_pods["server"].Netns));
        var (trips, longest) = await _conversation;
        Assert.True(trips > 100);
        await ConvergesAsync();
        await ClosedAsync();
        return $"{_churn.Rounds} changes of scale, {sent.Sum()} forbidden datagrams, {trips} round trips, the longest {longest}";
    }

    /// <summary>Ends the traffic, whatever has become of it: the next siege uses the same pods and ports.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        // What failed among them has been told, or comes after what is being told.
        await Task.WhenAll([_churning, _conversation, .. _floods]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _echo?.Dispose();
        _ended.Dispose();
    }

    private static string InFolder(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private async Task StartAsync()
    {
        _echo = Traffic.ServeEcho(_pods["server"].Netns, EchoPort, Stop);
        // What is counted later on as forbidden would arrive but for the policy.
        await ReachedByAsync("permitted", "near", "far");
        foreach (string client in _forbidden) await DatagramsArriveAsync(client);
        await _testbed.KubectlAsync("apply", "-f", InFolder("siege-policy.yaml"));
        await ClosedAsync();
        // A datagram that policy let in would count in the server's IP stack, with or without a socket for it.
        _before = Traffic.DatagramsReceived(_pods["server"].Netns);
        var server = _pods["server"].Address;
        _floods = [.. _forbidden.Select(name => KnockAsync(_pods[name].Netns, new IPEndPoint(server, FloodPort), _ended.Token))];
        _conversation = Traffic.ConverseAsync(_pods["permitted"].Netns, new IPEndPoint(server, EchoPort), TimeProvider.System, _ended.Token);
        _churning = _churn.RunAsync(_ended.Token);
    }

    /// <summary>Everything is ready, each pod has an address of its own, and the books of addresses agree with the pods.</summary>
    private async Task ConvergesAsync()
    {
        await _testbed.KubectlAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=300s");
        await _testbed.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=300s");
        // Available is also a deployment of one pod that is just being replaced.
        foreach (string deployment in (string[])["margay-api", "margay-controllers"])
            await _testbed.KubectlAsync("-n", "margay-system", "rollout", "status", $"deployment/{deployment}", "--timeout=300s");
        await Until.FineAsync(async () => await _testbed.TryKubectlAsync("get", "tiers.projectcalico.org") is { ExitCode: not 0 } failed ? failed.Error : null);
        await _churn.SettleAsync(6);
        Assert.Empty(Churn.Doubled(await _testbed.ListAsync("pods", "-A")));
        await _churn.SettleAsync(0);
        await Until.FineAsync(async () =>
        {
            var check = await Command.RunAsync(
                RepositoryFolder.In("artifacts", "dist", "margay"), ["ipam", "check", "--kubeconfig", _testbed.Kubeconfig], Stop);
            return check.ExitCode == 0 ? null : $"margay ipam check: {check.Output}{check.Error}";
        });
    }

    /// <summary>The permitted client reaches the server, the others do not.</summary>
    private Task ClosedAsync() => ReachedByAsync("permitted");

    private async Task ReachedByAsync(params string[] clients)
    {
        using var prober = new TcpProber(TimeSpan.FromSeconds(1), 4);
        var server = new ProbeTarget("server", _pods["server"].Address, EchoPort, null);
        await Until.FineAsync(async () =>
        {
            var wrong = new List<string>();
            foreach (string client in (string[])["permitted", .. _forbidden])
            {
                var outcome = (await prober.ProbeAsync(_pods[client].Netns, [server], Stop))[0];
                if (outcome == ProbeOutcome.Open != clients.Contains(client)) wrong.Add($"{client}: {outcome}");
            }
            return wrong.Count == 0 ? null : string.Join(", ", wrong);
        });
    }

    /// <summary>What the client sends counts in the server's IP stack.</summary>
    private async Task DatagramsArriveAsync(string client)
    {
        using var socket = NetworkNamespace.Run(_pods[client].Netns, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        long before = Traffic.DatagramsReceived(_pods["server"].Netns);
        await Until.FineAsync(async () =>
        {
            await socket.SendToAsync(new byte[1], new IPEndPoint(_pods["server"].Address, FloodPort), Stop);
            return Traffic.DatagramsReceived(_pods["server"].Netns) > before ? null : $"no datagram of {client} arrives";
        });
    }

    /// <summary>Datagrams, some hundreds a second: the cluster has to live on the same processors. Returns how many were sent.</summary>
    private static async Task<long> KnockAsync(string netns, IPEndPoint target, CancellationToken stop)
    {
        using var socket = NetworkNamespace.Run(netns, () => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        long sent = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await socket.SendToAsync(new byte[1], target, CancellationToken.None);
                sent++;
            }
            catch (SocketException)
            {
                // No way to the pod at this moment: that is one way of being closed.
            }
            await Task.Delay(2, CancellationToken.None);
        }
        return sent;
    }

    private static async Task<Dictionary<string, Place>> PodsAsync(Testbed testbed)
    {
        // Those of the manifest only: others may still be going from a siege that failed.
        string[] names = ["server", "permitted", .. _forbidden];
        var pods = (await testbed.ListAsync("pods", "-n", Namespace)).Where(pod => names.Contains(pod["metadata"]!["name"]!.GetValue<string>())).ToList();
        var namespaces = PodProcesses.NetworkNamespaces();
        return pods.ToDictionary(
            pod => pod["metadata"]!["name"]!.GetValue<string>(),
            pod => new Place(namespaces[pod["metadata"]!["uid"]!.GetValue<string>()], IPAddress.Parse(pod["status"]!["podIP"]!.GetValue<string>())),
            StringComparer.Ordinal);
    }

    private sealed record Place(string Netns, IPAddress Address);
}
