namespace Margay.Model.Resources;

/// <summary>A range of addresses to give to workloads (projectcalico.org/v3).</summary>
public sealed class IPPool() : Resource(ApiVersions.ProjectCalico, "IPPool")
{
    /// <summary>The range and how it is used.</summary>
    public IPPoolSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What controllers found out.</summary>
    public IPPoolStatus? Status { get; set; }
}

/// <summary>A range of addresses and how it is used.</summary>
public sealed class IPPoolSpec
{
    /// <summary>The range in CIDR notation, without host bits; cannot be changed later, must not overlap another pool.</summary>
    public string Cidr { get; set => field = value ?? ""; } = "";

    /// <summary>VXLAN: <c>Never</c> (default), <c>Always</c>, or <c>CrossSubnet</c> for nodes in other subnets only.</summary>
    public string? VxlanMode { get; set; }

    /// <summary>IP in IP, IPv4 only: <c>Never</c> (default), <c>Always</c> or <c>CrossSubnet</c>. Not together with VXLAN.</summary>
    public string? IpipMode { get; set; }

    /// <summary>Whether packets from this pool to addresses outside of all pools get the node's address; default false.</summary>
    public bool? NatOutgoing { get; set; }

    /// <summary>Whether new addresses are no longer taken from here; those in use stay. Default false.</summary>
    public bool? Disabled { get; set; }

    /// <summary>Whether BGP keeps the routes of this pool to itself; default false.</summary>
    public bool? DisableBGPExport { get; set; }

    /// <summary>
    /// The prefix length of the blocks that nodes take from the pool: 20 to 32 for IPv4 (default 26), 116 to 128 for IPv6
    /// (default 122), not shorter than the pool's own. Cannot be changed later.
    /// </summary>
    public int? BlockSize { get; set; }

    /// <summary>A selector over node labels: which nodes may use the pool; default <c>all()</c>.</summary>
    public string? NodeSelector { get; set; }

    /// <summary>A selector over namespace labels: whose pods may use the pool; absent means all.</summary>
    public string? NamespaceSelector { get; set; }

    /// <summary><c>Workload</c> and <c>Tunnel</c> (the default is both), or <c>LoadBalancer</c> alone.</summary>
    public List<string>? AllowedUses { get; set; }

    /// <summary><c>Automatic</c> (default), or <c>Manual</c>: only for pods and namespaces that name the pool.</summary>
    public string? AssignmentMode { get; set; }
}

/// <summary>What controllers found out about a pool.</summary>
public sealed class IPPoolStatus
{
    /// <summary>The conditions; <c>Allocatable</c> says whether addresses can be taken, and its reason why not.</summary>
    public List<Condition>? Conditions { get; set; }
}
