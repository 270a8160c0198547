using Margay.Lab.Topology;

namespace Margay.Lab.Processes;

/// <summary>The processes a lab consists of.</summary>
internal static class LabDaemons
{
    /// <summary>The API server's name.</summary>
    public const string ApiServer = "apiserver";

    /// <summary>The controller's name.</summary>
    public const string Controller = "controller";

    /// <summary>The name of the product's own controllers.</summary>
    public const string Controllers = "controllers";

    /// <summary>The name of a node's service.</summary>
    public static string NodeService(string node) => $"margay-{node}";

    /// <summary>The name of a node's pod runner.</summary>
    public static string Kubelet(string node) => $"kubelet-{node}";

    /// <summary>The name of an outside program.</summary>
    public static string Outside(string host) => $"outside-{host}";

    /// <summary>All of them, in the order in which they start.</summary>
    public static IReadOnlyList<DaemonSpec> For(LabSpec spec, LabLayout layout)
    {
        var plan = LabPlan.For(spec);
        List<DaemonSpec> daemons = [ApiServerOf(spec, layout, plan), ControllerOf(spec, layout, plan), ControllersOf(spec, layout, plan)];
        foreach (var node in plan.Nodes)
        {
            daemons.Add(NodeServiceOf(spec, layout, node));
            daemons.Add(KubeletOf(spec, layout, node));
        }

        daemons.AddRange(spec.Outside.Select(host => OutsideOf(spec, plan, host)));
        return daemons;
    }

    /// <summary>The search path of containers and outside programs: the lab's programs first.</summary>
    public static string SearchPath(LabSpec spec) =>
        $"{spec.Binaries}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static DaemonSpec ApiServerOf(LabSpec spec, LabLayout layout, LabPlan plan) => new()
    {
        Name = ApiServer,
        Netns = plan.ControlPlane.Netns,
        Program = Path.Combine(spec.Binaries, "margay-server"),
        Arguments =
        [
            "apiserver",
            "--data-dir", layout.ApiServerData,
            "--listen", $"{plan.ControlPlane.Ipv4}:{LabPlan.ApiServerPort}",
            "--listen-fd", DaemonSpec.ListenDescriptor,
        ],
        ListenPort = spec.ApiPort,
    };

    private static DaemonSpec ControllerOf(LabSpec spec, LabLayout layout, LabPlan plan) => new()
    {
        Name = Controller,
        Netns = plan.ControlPlane.Netns,
        Program = Path.Combine(spec.Binaries, "margay"),
        Arguments = ["lab", "controller", "--name", spec.Name, "--state-root", layout.StateRoot, "--run-root", layout.RunRoot],
    };

    private static DaemonSpec ControllersOf(LabSpec spec, LabLayout layout, LabPlan plan) => new()
    {
        Name = Controllers,
        Netns = plan.ControlPlane.Netns,
        Program = Path.Combine(spec.Binaries, "margay-server"),
        Arguments = ["controllers", "--kubeconfig", layout.ControllersKubeconfig],
    };

    private static DaemonSpec NodeServiceOf(LabSpec spec, LabLayout layout, LabMachine node) => new()
    {
        Name = NodeService(node.Name),
        Netns = node.Netns,
        Program = Path.Combine(spec.Binaries, "margay-node"),
        Arguments =
        [
            "--node-name", node.Name,
            "--kubeconfig", layout.NodeKubeconfig,
            "--run-dir", layout.NodeRun(node.Name),
            "--cni-socket", layout.CniSocket(node.Name),
        ],
    };

    private static DaemonSpec KubeletOf(LabSpec spec, LabLayout layout, LabMachine node) => new()
    {
        Name = Kubelet(node.Name),
        Netns = node.Netns,
        Program = Path.Combine(spec.Binaries, "margay"),
        Arguments =
        [
            "lab", "kubelet", "--name", spec.Name, "--node", node.Name, "--state-root", layout.StateRoot, "--run-root", layout.RunRoot,
        ],
    };

    private static DaemonSpec OutsideOf(LabSpec spec, LabPlan plan, OutsideHost host) => new()
    {
        Name = Outside(host.Name),
        Netns = plan.Internet.Netns,
        Program = "/usr/bin/env",
        Arguments = [.. host.Command],
        Environment = new Dictionary<string, string> { ["PATH"] = SearchPath(spec) },
    };
}
