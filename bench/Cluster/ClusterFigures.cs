using System.Diagnostics;
using System.Text.Json;
using Margay.Linux.Netlink;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;
using Margay.Model.Resources;

namespace Margay.Bench.Cluster;

/// <summary>
/// A node among 1,000 namespaces with 1,000 pods, 100 of them local: how long the node service takes from start to ready,
/// and from the API's answer to the change in the kernel. The shape is that of the measured peer: one pod and one policy
/// in each namespace; the local pods' interfaces do not exist and are programmed all the same.
/// </summary>
internal static class ClusterFigures
{
    private const int Namespaces = 1000;
    private const int Local = 100;
    private const int Samples = 40;
    private const int NFNLGRP_NFTABLES = 7;

    public static async Task RunInsideAsync(string programs, CancellationToken stop)
    {
        using var scene = new ClusterScene(programs);
        await FillAsync(scene, stop);
        for (int i = 0; i < 3; i++)
        {
            var (ready, rss, peak) = await scene.StartNodeAsync(stop);
            Console.WriteLine($"start {i + 1}{(i == 0 ? " (empty kernel)" : " (after kill -9)")}: ready after {ready.TotalSeconds:F2} s, RSS {rss:F0} MiB, peak {peak:F0} MiB");
            if (i < 2) scene.KillNode();
        }
        using var monitor = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
        monitor.Join(NFNLGRP_NFTABLES);
        await LatencyAsync("remote pod gets its address -> in the set", monitor, i => RemotePodAsync(scene.Client, i, stop));
        await LatencyAsync("policy of a local pod changed -> rule", monitor, i => PolicyAsync(scene.Client, i, stop));
        await LatencyAsync("local pod relabelled -> its dispatch", monitor, i => LocalPodAsync(scene.Client, i, stop));
    }

    private static async Task FillAsync(ClusterScene scene, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.Combine(scene.RunDirectory, "endpoints"));
        await Parallel.ForAsync(0, Namespaces, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stop }, async (n, cancel) =>
        {
            string name = $"customer-{n}";
            await scene.Client.CreateAsync(new Namespace { Metadata = { Name = name, Labels = new() { ["production"] = n % 2 == 0 ? "true" : "false" } } }, cancel);
            await scene.Client.CreateAsync(Isolation(name, 53), cancel);
            bool local = n % (Namespaces / Local) == 0;
            await CreatePodAsync(scene.Client, name, "app", local ? ClusterScene.NodeName : "elsewhere", AddressOf(n), cancel);
            if (local) WriteEndpoint(scene.RunDirectory, n, name);
        });
        // A second set that every local pod's policy uses: remote pods that join it are seen in the kernel.
        await scene.Client.CreateAsync(new GlobalNetworkPolicy
        {
            Metadata = { Name = "marked" },
            Spec = { Tier = "default", Order = 10, Selector = "all()", Types = ["Ingress"], Ingress = [new Rule { Action = "Allow", Source = new() { Selector = "role == 'client'" } }] },
        }, stop);
        await scene.Client.CreateAsync(new GlobalNetworkPolicy
        {
            Metadata = { Name = "relabelled" },
            Spec = { Tier = "default", Order = 20, Selector = "probe == 'yes'", Types = ["Ingress"], Ingress = [new Rule { Action = "Allow", Protocol = Protocol.Parse("TCP") }] },
        }, stop);
    }

    private static string AddressOf(int n) => $"10.0.{n >> 8}.{n & 255}";

    private static NetworkPolicy Isolation(string ns, int port) => new()
    {
        Metadata = { Name = "isolation", Namespace = ns },
        Spec =
        {
            Tier = "default",
            Order = 1000,
            Selector = "all()",
            Types = ["Ingress", "Egress"],
            Ingress = [new Rule { Action = "Allow", Source = new() { Selector = "all()" } }],
            Egress =
            [
                new Rule { Action = "Allow", Destination = new() { Selector = "all()" } },
                new Rule { Action = "Allow", Protocol = Protocol.Parse("UDP"), Destination = new() { Nets = ["10.96.0.10/32"], Ports = [PolicyPort.Parse($"{port}")] } },
            ],
        },
    };

    private static async Task CreatePodAsync(KubeClient client, string ns, string name, string node, string address, CancellationToken stop)
    {
        var pod = await client.CreateAsync(new Pod
        {
            Metadata = { Name = name, Namespace = ns, Labels = new() { ["app"] = name } },
            Spec = { NodeName = node, Containers = [new Container { Name = "main", Image = "none" }] },
        }, stop);
        pod.Status = new PodStatus { Phase = "Running", PodIP = address, PodIPs = [new() { Ip = address }] };
        await client.UpdateStatusAsync(pod, stop);
    }

    private static void WriteEndpoint(string runDirectory, int n, string ns)
    {
        // What the node service writes when it wires a pod; see LocalEndpointRecord.
        var record = new Dictionary<string, object>
        {
            ["containerId"] = $"c{n}", ["namespace"] = ns, ["name"] = "app", ["interface"] = "eth0", ["hostInterface"] = $"cali{n:x}",
            ["networkNamespace"] = "/run/netns/none", ["handle"] = $"bench.c{n}", ["addresses"] = new[] { AddressOf(n) },
        };
        File.WriteAllText(Path.Combine(runDirectory, "endpoints", $"c{n}.eth0.json"), JsonSerializer.Serialize(record));
    }

    private static async Task RemotePodAsync(KubeClient client, int i, CancellationToken stop)
    {
        var pod = await client.CreateAsync(new Pod
        {
            Metadata = { Name = $"client-{i}", Namespace = "customer-1", Labels = new() { ["role"] = "client" } },
            Spec = { NodeName = "elsewhere", Containers = [new Container { Name = "main", Image = "none" }] },
        }, stop);
        pod.Status = new PodStatus { Phase = "Running", PodIP = $"10.1.0.{i + 1}", PodIPs = [new() { Ip = $"10.1.0.{i + 1}" }] };
        await client.UpdateStatusAsync(pod, stop);
    }

    private static async Task PolicyAsync(KubeClient client, int i, CancellationToken stop)
    {
        var policy = await client.GetAsync<NetworkPolicy>("customer-0", "isolation", stop);
        policy.Spec = Isolation("customer-0", 2000 + i).Spec;
        await client.UpdateAsync(policy, stop);
    }

    private static async Task LocalPodAsync(KubeClient client, int i, CancellationToken stop)
    {
        var pod = await client.GetAsync<Pod>("customer-10", "app", stop);
        pod.Metadata.Labels!["probe"] = i % 2 == 0 ? "yes" : "no";
        await client.UpdateAsync(pod, stop);
    }

    private static async Task LatencyAsync(string what, NetlinkSocket monitor, Func<int, Task> change)
    {
        var times = new List<double>();
        for (int i = 0; i < Samples; i++)
        {
            while (monitor.Receive((in NetlinkMessage _) => { }, TimeSpan.FromMilliseconds(50)))
            {
                // What the change before has left behind.
            }
            // The kernel's word comes on its own thread, so that the answer and the event are stamped independently.
            long seen = 0;
            var listener = Task.Factory.StartNew(
                () =>
                {
                    if (monitor.Receive((in NetlinkMessage _) => { }, TimeSpan.FromSeconds(5))) seen = Stopwatch.GetTimestamp();
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await change(i);
            long answered = Stopwatch.GetTimestamp();
            await listener;
            if (seen == 0) throw new InvalidOperationException($"{what}: nothing reached the kernel within 5 s.");
            times.Add(Math.Max(0, (seen - answered) * 1e3 / Stopwatch.Frequency));
        }
        times.Sort();
        Console.WriteLine($"{what}: p50 {times[times.Count / 2]:F2} ms, p90 {times[times.Count * 9 / 10]:F2} ms, max {times[^1]:F2} ms");
    }
}
