using System.Diagnostics;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Bench.Cluster;

/// <summary>
/// CNI ADD and DEL as a runtime calls them, one process each: our plugin with node service, API server, IPAM and policy
/// behind it, against Debian's <c>ptp</c> with <c>host-local</c>, which has none of these. In turn, so that drift hits both.
/// </summary>
internal static class CniFigures
{
    private const int Rounds = 30;
    private const string PeerFolder = "/usr/lib/cni";

    public static async Task RunInsideAsync(string programs, CancellationToken stop)
    {
        using var scene = new ClusterScene(programs);
        await scene.Client.CreateAsync(new IPPool { Metadata = { Name = "bench" }, Spec = { Cidr = "10.77.0.0/16", BlockSize = 26 } }, stop);
        var uids = new List<string>();
        for (int i = 0; i <= Rounds; i++)
        {
            var pod = await scene.Client.CreateAsync(new Pod
            {
                Metadata = { Name = $"p{i}", Namespace = "default", Labels = new() { ["app"] = "bench" } },
                Spec = { NodeName = ClusterScene.NodeName, Containers = [new Container { Name = "main", Image = "none" }] },
            }, stop);
            uids.Add(pod.Metadata.Uid!);
        }
        await scene.StartNodeAsync(stop);
        string state = Directory.CreateTempSubdirectory("margay-bench-cni-").FullName;
        string ours = $$"""{"cniVersion":"1.0.0","name":"k8s-pod-network","type":"margay-cni","socket":"{{scene.RunDirectory}}/cni.sock","run_dir":"{{scene.RunDirectory}}"}""";
        string peer = $$$"""{"cniVersion":"1.0.0","name":"peer","type":"ptp","ipam":{"type":"host-local","subnet":"10.200.0.0/16","dataDir":"{{{state}}}"}}""";
        List<double> add = [], del = [], peerAdd = [], peerDel = [];
        try
        {
            // The first round warms both and is not counted.
            for (int i = 0; i <= Rounds; i++)
            {
                Measure(Path.Combine(programs, "margay-cni"), ours, $"bench-o{i}", $"K8S_POD_NAME=p{i};K8S_POD_UID={uids[i]}", i == 0 ? [] : add, i == 0 ? [] : del);
                Measure(Path.Combine(PeerFolder, "ptp"), peer, $"bench-p{i}", $"K8S_POD_NAME=p{i};K8S_POD_UID={uids[i]}", i == 0 ? [] : peerAdd, i == 0 ? [] : peerDel);
            }
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
        foreach (string line in await ClusterScene.NodeMetricsAsync("margay_cni_add_step_duration_seconds_", stop)) Console.WriteLine(line);
        Console.WriteLine($"ADD: ours {Median(add):F1} ms, ptp with host-local {Median(peerAdd):F1} ms, ratio {Median(add) / Median(peerAdd):F2}");
        Console.WriteLine($"DEL: ours {Median(del):F1} ms, ptp with host-local {Median(peerDel):F1} ms, ratio {Median(del) / Median(peerDel):F2}");
    }

    private static void Measure(string plugin, string config, string container, string pod, List<double> add, List<double> del)
    {
        Shell.Run("ip", "netns", "add", container);
        try
        {
            add.Add(Call(plugin, "ADD", config, container, pod));
            del.Add(Call(plugin, "DEL", config, container, pod));
        }
        finally
        {
            Shell.Run("ip", "netns", "del", container);
        }
    }

    private static double Call(string plugin, string verb, string config, string container, string pod)
    {
        var start = new ProcessStartInfo(plugin) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CNI_COMMAND"] = verb;
        start.Environment["CNI_CONTAINERID"] = container;
        start.Environment["CNI_NETNS"] = "/run/netns/" + container;
        start.Environment["CNI_IFNAME"] = "eth0";
        start.Environment["CNI_PATH"] = PeerFolder;
        start.Environment["CNI_ARGS"] = $"IgnoreUnknown=1;K8S_POD_NAMESPACE=default;{pod}";
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Write(config);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode == 0 ? took : throw new InvalidOperationException($"{plugin} {verb}: {output}");
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
