namespace Margay.Lab.Topology;

/// <summary>Where a lab keeps its files. Everything of a lab is below its two directories; removing them removes its state.</summary>
/// <param name="Lab">The lab's name.</param>
/// <param name="StateRoot">Where labs keep what outlives a restart.</param>
/// <param name="RunRoot">Where labs keep sockets and process ids.</param>
public sealed record LabLayout(string Lab, string StateRoot = "/var/lib/margay/lab", string RunRoot = "/run/margay/lab")
{
    /// <summary>The lab's state.</summary>
    public string State => Path.Combine(StateRoot, Lab);

    /// <summary>Sockets and process ids.</summary>
    public string Run => Path.Combine(RunRoot, Lab);

    /// <summary>The stored <see cref="LabSpec"/>.</summary>
    public string SpecFile => Path.Combine(State, "lab.json");

    /// <summary>The kubeconfig for people, with the address on 127.0.0.1.</summary>
    public string Kubeconfig => Path.Combine(State, "kubeconfig");

    /// <summary>The kubeconfig that the API server writes, with its address on the fabric; for the lab's own machines.</summary>
    public string InnerKubeconfig => Path.Combine(ApiServerData, "admin.kubeconfig");

    /// <summary>The kubeconfig of the node services, with their rights only.</summary>
    public string NodeKubeconfig => Path.Combine(ApiServerData, "node.kubeconfig");

    /// <summary>The kubeconfig of the controllers, with their rights only.</summary>
    public string ControllersKubeconfig => Path.Combine(ApiServerData, "controllers.kubeconfig");

    /// <summary>The API server's data.</summary>
    public string ApiServerData => Path.Combine(State, "apiserver");

    /// <summary>Logs of the lab's own processes.</summary>
    public string Logs => Path.Combine(State, "log");

    /// <summary>Hosts files that the name server reads.</summary>
    public string DnsHosts => Path.Combine(State, "dns");

    /// <summary>Process ids of the lab's own processes.</summary>
    public string Pids => Path.Combine(Run, "pids");

    /// <summary>Exists while the fabric is whole.</summary>
    public string FabricComplete => Path.Combine(Run, "fabric-complete");

    /// <summary>The pods of a node.</summary>
    public string Pods(string node) => Path.Combine(State, "pods", node);

    /// <summary>The run directory of a node's service.</summary>
    public string NodeRun(string node) => Path.Combine(Run, node);

    /// <summary>The socket on which a node's service answers the CNI plugin.</summary>
    public string CniSocket(string node) => Path.Combine(Run, node, "cni.sock");

    /// <summary>The CNI network configuration of a node.</summary>
    public string CniConfig(string node) => Path.Combine(State, "cni", $"{node}.conflist");

    /// <summary>The log of one of the lab's processes.</summary>
    public string Log(string process) => Path.Combine(Logs, $"{process}.log");
}
