using System.Net;
using System.Net.Sockets;
using Margay.Lab.Matrix;
using Margay.Lab.Processes;
using Margay.Lab.Tests.Resilience;
using Margay.Linux.Namespaces;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>kill -9 of each part while pods come and go: nothing forbidden passes, nothing permitted breaks, everything converges.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class KillTests(Testbed testbed)
{
    private const string Namespace = "kill";
    private const int EchoPort = 7777;
    private const int FloodPort = 5353;
    private static readonly int _kills = int.Parse(Environment.GetEnvironmentVariable("MARGAY_KILLS") ?? "3");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kube-apiserver")]
    [InlineData("etcd")]
    [InlineData("margay-api")]
    [InlineData("margay-controllers")]
    [InlineData("margay-node")]
    [InlineData("n1/containerd")]
    public async Task Killing_a_part_under_churn_lets_nothing_in_and_cuts_nothing(string victim)
    {
        await testbed.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "kill.yaml"), Stop));
        await testbed.KubectlAsync("-n", Namespace, "wait", "pod/server", "pod/permitted", "pod/near", "pod/far", "--for=condition=Ready", "--timeout=120s");
        var pods = await PodsAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var echo = Traffic.ServeEcho(pods["server"].Netns, EchoPort, Stop);
        await ClosedAsync(pods);

        // A datagram that policy let in would count in the server's IP stack, with or without a socket for it.
        long before = Traffic.DatagramsReceived(pods["server"].Netns);
        Task<long>[] floods = [.. new[] { "near", "far" }.Select(name => KnockAsync(pods[name].Netns, new IPEndPoint(pods["server"].Address, FloodPort), ended.Token))];
        var conversation = Traffic.ConverseAsync(pods["permitted"].Netns, new IPEndPoint(pods["server"].Address, EchoPort), TimeProvider.System, ended.Token);
        var churn = new Churn(testbed, Namespace);
        var churning = churn.RunAsync(ended.Token);

        var target = Victim.Of(testbed, victim);
        for (int kill = 1; kill <= _kills; kill++)
        {
            // Pods are just coming or going.
            int rounds = churn.Rounds;
            await Until.FineAsync(() => Task.FromResult(churn.Rounds > rounds || churning.IsCompleted ? null : "The number of pods does not change."));
            await target.KillAsync();
            Assert.False(conversation.IsCompleted, $"The permitted connection broke at kill {kill}.");
            Assert.False(churning.IsCompleted, $"{churning.Exception?.InnerException?.Message} at kill {kill}");
        }
        await ended.CancelAsync();
        await churning;

        long[] sent = await Task.WhenAll(floods);
        Assert.All(sent, count => Assert.True(count > 100));
        Assert.Equal(before, Traffic.DatagramsReceived(pods["server"].Netns));
        Assert.True((await conversation).RoundTrips > 100);
        await ConvergesAsync(churn);
        await ClosedAsync(pods);
        TestContext.Current.SendDiagnosticMessage(
            "{0}: {1} kills, {2} changes of scale, {3} forbidden datagrams, {4} round trips, the longest {5}",
            victim, _kills, churn.Rounds, sent.Sum(), (await conversation).RoundTrips, (await conversation).Longest);
    }

    /// <summary>Everything is ready, each pod has an address of its own, and the books of addresses agree with the pods.</summary>
    private async Task ConvergesAsync(Churn churn)
    {
        await testbed.KubectlAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=120s");
        await testbed.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=120s");
        await testbed.KubectlAsync("-n", "margay-system", "wait", "deployment", "--all", "--for=condition=Available", "--timeout=120s");
        await testbed.KubectlAsync("wait", "apiservice/v3.projectcalico.org", "--for=condition=Available", "--timeout=120s");
        await churn.SettleAsync(6);
        Assert.Empty(Churn.Doubled(await testbed.ListAsync("pods", "-A")));
        await churn.SettleAsync(0);
        await Until.FineAsync(async () =>
        {
            var check = await Command.RunAsync(
                RepositoryFolder.In("artifacts", "dist", "margay"), ["ipam", "check", "--kubeconfig", testbed.Kubeconfig], Stop);
            return check.ExitCode == 0 ? null : $"margay ipam check: {check.Output}{check.Error}";
        });
    }

    /// <summary>The permitted client reaches the server, the others do not.</summary>
    private static async Task ClosedAsync(Dictionary<string, Place> pods)
    {
        using var prober = new TcpProber(TimeSpan.FromSeconds(1), 4);
        var server = new ProbeTarget("server", pods["server"].Address, EchoPort, null);
        await Until.FineAsync(async () =>
        {
            var wrong = new List<string>();
            foreach (string client in (string[])["permitted", "near", "far"])
            {
                var outcome = (await prober.ProbeAsync(pods[client].Netns, [server], Stop))[0];
                if (outcome == ProbeOutcome.Open != (client == "permitted")) wrong.Add($"{client}: {outcome}");
            }
            return wrong.Count == 0 ? null : string.Join(", ", wrong);
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

    private async Task<Dictionary<string, Place>> PodsAsync()
    {
        var namespaces = PodProcesses.NetworkNamespaces();
        var pods = await testbed.ListAsync("pods", "-n", Namespace);
        return pods.Where(pod => pod["metadata"]!["deletionTimestamp"] is null && pod["status"]?["podIP"] is not null).ToDictionary(
            pod => pod["metadata"]!["name"]!.GetValue<string>(),
            pod => new Place(namespaces[pod["metadata"]!["uid"]!.GetValue<string>()], IPAddress.Parse(pod["status"]!["podIP"]!.GetValue<string>())),
            StringComparer.Ordinal);
    }

    private sealed record Place(string Netns, IPAddress Address);
}
