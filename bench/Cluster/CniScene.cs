using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Bench.Cluster;

/// <summary>Two CNI plugins side by side: ours with everything behind it, and Debian's <c>ptp</c> with <c>host-local</c>.</summary>
internal sealed class CniScene : IDisposable
{
    private const string PeerFolder = "/usr/lib/cni";

    private readonly ClusterScene _cluster;
    private readonly string _programs;
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-bench-cni-").FullName;
    private readonly List<string> _pods = [];

    private CniScene(ClusterScene cluster, string programs) => (_cluster, _programs) = (cluster, programs);

    /// <summary>The scene with so many pods that can be attached.</summary>
    public static async Task<CniScene> StartAsync(string programs, int pods, CancellationToken stop)
    {
        var cluster = new ClusterScene(programs);
        var scene = new CniScene(cluster, programs);
        await cluster.Client.CreateAsync(new IPPool { Metadata = { Name = "bench" }, Spec = { Cidr = "10.77.0.0/16", BlockSize = 26 } }, stop);
        for (int i = 0; i < pods; i++)
        {
            var pod = await cluster.Client.CreateAsync(new Pod
            {
                Metadata = { Name = $"p{i}", Namespace = "default", Labels = new() { ["app"] = "bench" } },
                Spec = { NodeName = ClusterScene.NodeName, Containers = [new Container { Name = "main", Image = "none" }] },
            }, stop);
            scene._pods.Add($"K8S_POD_NAME=p{i};K8S_POD_UID={pod.Metadata.Uid}");
        }
        await cluster.StartNodeAsync(stop);
        File.WriteAllText(scene.Config(ours: true), $$"""{"cniVersion":"1.0.0","name":"k8s-pod-network","type":"margay-cni","socket":"{{cluster.RunDirectory}}/cni.sock","run_dir":"{{cluster.RunDirectory}}"}""");
        File.WriteAllText(scene.Config(ours: false), $$$"""{"cniVersion":"1.0.0","name":"peer","type":"ptp","ipam":{"type":"host-local","subnet":"10.200.0.0/16","dataDir":"{{{scene._folder}}}"}}""");
        return scene;
    }

    /// <summary>Starts one call; its container's network namespace is there.</summary>
    public PluginProcess Call(bool ours, string verb, string container, int pod) =>
        PluginProcess.Start(ours ? Path.Combine(_programs, "margay-cni") : Path.Combine(PeerFolder, "ptp"), verb, Config(ours), container, _pods[pod], PeerFolder);

    public void Dispose()
    {
        _cluster.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Config(bool ours) => Path.Combine(_folder, ours ? "ours.json" : "peer.json");
}
