using System.Net;
using Margay.Model.Datastore.Kube;

namespace Margay.ApiServer.Relay;

/// <summary>How a relay is run.</summary>
public sealed class RelayOptions
{
    /// <summary>The API server, and who the relay is there. It needs <c>list</c> and <c>watch</c> for the kinds, nothing else.</summary>
    public required KubeConnection Upstream { get; init; }

    /// <summary>The addresses to serve at, with TLS. Port 0 takes a free one.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>The relay's certificate (PEM).</summary>
    public required string CertificateFile { get; init; }

    /// <summary>Its key (PEM).</summary>
    public required string KeyFile { get; init; }

    /// <summary>The authority of the clients' certificates (PEM): the cluster's.</summary>
    public required string ClientCaFile { get; init; }

    /// <summary>Who may read: members of one of these groups. They read everything that is relayed.</summary>
    public IReadOnlyList<string> Groups { get; init; } = DefaultGroups;

    /// <summary>What is relayed: <c>plural</c> or <c>plural.group</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = DefaultResources;

    /// <summary>How many changes of each kind are kept for clients that are behind.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>How long a client may take nothing before its connection is closed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often quiet watches are told how far they are.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests may take to end when the relay stops.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Log lines as JSON.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Kubernetes' group of nodes and ours.</summary>
    public static IReadOnlyList<string> DefaultGroups { get; } = ["system:nodes", "margay:nodes"];

    /// <summary>What node services follow.</summary>
    public static IReadOnlyList<string> DefaultResources { get; } =
    [
        "tiers.projectcalico.org", "networkpolicies.projectcalico.org", "globalnetworkpolicies.projectcalico.org",
        "networkpolicies.networking.k8s.io", "networksets.projectcalico.org", "globalnetworksets.projectcalico.org",
        "hostendpoints.projectcalico.org", "clusternetworkpolicies.policy.networking.k8s.io", "profiles.projectcalico.org",
        "namespaces", "serviceaccounts", "pods", "endpointslices.discovery.k8s.io", "nodes", "ippools.projectcalico.org",
        "ipreservations.projectcalico.org", "ipamconfigurations.projectcalico.org", "ipamblocks.projectcalico.org",
        "felixconfigurations.projectcalico.org",
    ];
}
