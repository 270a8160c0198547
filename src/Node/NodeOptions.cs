using Margay.Model.Datastore;

namespace Margay.Node;

/// <summary>How the node service runs.</summary>
public sealed record NodeOptions
{
    /// <summary>The node's name: that of its Node object.</summary>
    public required string NodeName { get; init; }

    /// <summary>The kubeconfig; null for <c>$KUBECONFIG</c> and the usual places.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>Where the cluster keeps the objects of projectcalico.org; null for what the environment says, and else found out.</summary>
    public DatastoreMode? Datastore { get; init; }

    /// <summary>A relay to list and watch at, <c>https://HOST:PORT</c>, with the kubeconfig's credentials; null for none.</summary>
    public Uri? Relay { get; init; }

    /// <summary>State that lasts until the next boot.</summary>
    public string RunDirectory { get; init; } = "/run/margay";

    /// <summary>The socket for the CNI plugin; null for <c>cni.sock</c> in the run directory.</summary>
    public string? CniSocket { get; init; }

    /// <summary>
    /// The name or IPv4 address that health and metrics listen on; <c>*</c> or <c>0.0.0.0</c> for all of IPv4. The default is reachable from the node
    /// alone.
    /// </summary>
    public string HealthHost { get; init; } = "localhost";

    /// <summary>The port of health and metrics, upstream's; 0 switches them off.</summary>
    public int HealthPort { get; init; } = 9099;

    /// <summary>Register the Node object with these addresses; empty when something else (kubelet) does.</summary>
    public IReadOnlyList<string> RegisterAddresses { get; init; } = [];

    /// <summary>
    /// How many addresses of each family and pool are kept ready, so that a pod's start waits for no write: 0 to 64. A quarter
    /// of what a block has left at most.
    /// </summary>
    public int WarmAddresses { get; init; } = 8;

    /// <summary>
    /// Enforce policy only, on pods that another plugin wires: what the names of their interfaces start with. Null: we wire them.
    /// </summary>
    public string? PolicyOnlyPrefix { get; init; }

    /// <summary>How often the kernel is compared without an occasion.</summary>
    public TimeSpan ResyncPeriod { get; init; } = TimeSpan.FromSeconds(90);
}
