using System.Diagnostics;
using System.Text.Json.Nodes;
using Margay.Foundation.Primitives;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Bench.Cluster;

/// <summary>A pod of the scene with a network namespace, attached by <c>margay-cni</c> as a runtime does it.</summary>
internal sealed class CniPod : IAsyncDisposable
{
    private readonly ClusterScene _scene;
    private readonly string _plugin;
    private readonly string _container;
    private readonly string _args;

    private CniPod(ClusterScene scene, string programs, string name, string uid)
    {
        (_scene, _plugin, _container) = (scene, Path.Combine(programs, "margay-cni"), $"bench-{name}");
        _args = $"IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME={name};K8S_POD_UID={uid}";
    }

    public string NetNs => "/run/netns/" + _container;

    public IpAddr Address { get; private set; }

    public static async Task<CniPod> StartAsync(ClusterScene scene, string programs, string name, CancellationToken stop)
    {
        var created = await scene.Client.CreateAsync(new Pod
        {
            Metadata = { Name = name, Namespace = "default", Labels = new() { ["app"] = name } },
            Spec = { NodeName = ClusterScene.NodeName, Containers = [new Container { Name = "main", Image = "none" }] },
        }, stop);
        var pod = new CniPod(scene, programs, name, created.Metadata.Uid!);
        Shell.Run("ip", "netns", "add", pod._container);
        var result = JsonNode.Parse(await pod.CallAsync("ADD", stop))!;
        string cidr = (string)result["ips"]![0]!["address"]!;
        pod.Address = IpAddr.Parse(cidr[..cidr.IndexOf('/', StringComparison.Ordinal)]);
        created.Status = new PodStatus { Phase = "Running", PodIP = pod.Address.ToString(), PodIPs = [new() { Ip = pod.Address.ToString() }] };
        await scene.Client.UpdateStatusAsync(created, stop);
        return pod;
    }

    public async ValueTask DisposeAsync()
    {
        await CallAsync("DEL", CancellationToken.None);
        Shell.Run("ip", "netns", "del", _container);
    }

    private async Task<string> CallAsync(string verb, CancellationToken stop)
    {
        var start = new ProcessStartInfo(_plugin) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CNI_COMMAND"] = verb;
        start.Environment["CNI_CONTAINERID"] = _container;
        start.Environment["CNI_NETNS"] = NetNs;
        start.Environment["CNI_IFNAME"] = "eth0";
        start.Environment["CNI_PATH"] = "/opt/cni/bin";
        start.Environment["CNI_ARGS"] = _args;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(
            $$"""{"cniVersion":"1.0.0","name":"k8s-pod-network","type":"margay-cni","socket":"{{_scene.RunDirectory}}/cni.sock","run_dir":"{{_scene.RunDirectory}}"}""");
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{_plugin} {verb}: {output}");
    }
}
