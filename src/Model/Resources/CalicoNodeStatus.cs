namespace Margay.Model.Resources;

/// <summary>A question about a node's agents, sessions and routes, which the node answers (projectcalico.org/v3).</summary>
public sealed class CalicoNodeStatus() : Resource(ApiVersions.ProjectCalico, "CalicoNodeStatus")
{
    /// <summary>The question.</summary>
    public CalicoNodeStatusSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>The answer.</summary>
    public CalicoNodeStatusStatus? Status { get; set; }
}

/// <summary>What is asked of which node, and how often.</summary>
public sealed class CalicoNodeStatusSpec
{
    /// <summary>The node. Needed.</summary>
    public string? Node { get; set; }

    /// <summary><c>Agent</c>, <c>BGP</c> and <c>Routes</c>: what is asked. Needed.</summary>
    public List<string>? Classes { get; set; }

    /// <summary>The time between answers, 0 to 86400 seconds; 0 for none. Needed.</summary>
    public long? UpdatePeriodSeconds { get; set; }
}

/// <summary>What a node answered.</summary>
public sealed class CalicoNodeStatusStatus
{
    /// <summary>When; RFC 3339.</summary>
    public string? LastUpdated { get; set; }

    /// <summary>The BGP daemons.</summary>
    public CalicoNodeAgentStatus? Agent { get; set; }

    /// <summary>The sessions.</summary>
    public CalicoNodeBGPStatus? Bgp { get; set; }

    /// <summary>The routes.</summary>
    public CalicoNodeBGPRouteStatus? Routes { get; set; }
}

/// <summary>The BGP daemons of a node.</summary>
public sealed class CalicoNodeAgentStatus
{
    /// <summary>The daemon for IPv4.</summary>
    public BGPDaemonStatus? BirdV4 { get; set; }

    /// <summary>The daemon for IPv6.</summary>
    public BGPDaemonStatus? BirdV6 { get; set; }
}

/// <summary>A BGP daemon.</summary>
public sealed class BGPDaemonStatus
{
    /// <summary><c>Ready</c> or <c>NotReady</c>.</summary>
    public string? State { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>Its router identifier.</summary>
    public string? RouterID { get; set; }

    /// <summary>When it started, in its own words.</summary>
    public string? LastBootTime { get; set; }

    /// <summary>When it took its configuration, in its own words.</summary>
    public string? LastReconfigurationTime { get; set; }
}

/// <summary>The sessions of a node.</summary>
public sealed class CalicoNodeBGPStatus
{
    /// <summary>How many IPv4 sessions are up.</summary>
    public int? NumberEstablishedV4 { get; set; }

    /// <summary>How many IPv4 sessions are not up.</summary>
    public int? NumberNotEstablishedV4 { get; set; }

    /// <summary>How many IPv6 sessions are up.</summary>
    public int? NumberEstablishedV6 { get; set; }

    /// <summary>How many IPv6 sessions are not up.</summary>
    public int? NumberNotEstablishedV6 { get; set; }

    /// <summary>The IPv4 sessions.</summary>
    public List<CalicoNodePeer>? PeersV4 { get; set; }

    /// <summary>The IPv6 sessions.</summary>
    public List<CalicoNodePeer>? PeersV6 { get; set; }
}

/// <summary>A session of a node.</summary>
public sealed class CalicoNodePeer
{
    /// <summary>The peer's address.</summary>
    public string? PeerIP { get; set; }

    /// <summary>Where the session comes from: <c>NodeMesh</c>, <c>NodePeer</c> or <c>GlobalPeer</c>.</summary>
    public string? Type { get; set; }

    /// <summary>
    /// The state (RFC 4271 section 8.2.2): <c>Idle</c>, <c>Connect</c>, <c>Active</c>, <c>OpenSent</c>, <c>OpenConfirm</c>,
    /// <c>Established</c>, or <c>Close</c>.
    /// </summary>
    public string? State { get; set; }

    /// <summary>Since when it has this state.</summary>
    public string? Since { get; set; }
}

/// <summary>The routes of a node.</summary>
public sealed class CalicoNodeBGPRouteStatus
{
    /// <summary>The IPv4 routes.</summary>
    public List<CalicoNodeRoute>? RoutesV4 { get; set; }

    /// <summary>The IPv6 routes.</summary>
    public List<CalicoNodeRoute>? RoutesV6 { get; set; }
}

/// <summary>A route of a node.</summary>
public sealed class CalicoNodeRoute
{
    /// <summary><c>FIB</c> for a route that packets take, <c>RIB</c> for one that is only known.</summary>
    public string? Type { get; set; }

    /// <summary>Where to.</summary>
    public string? Destination { get; set; }

    /// <summary>The gateway.</summary>
    public string? Gateway { get; set; }

    /// <summary>The interface.</summary>
    public string? Interface { get; set; }

    /// <summary>Who told it.</summary>
    public CalicoNodeRouteLearnedFrom? LearnedFrom { get; set; }
}

/// <summary>Who told a route.</summary>
public sealed class CalicoNodeRouteLearnedFrom
{
    /// <summary><c>Kernel</c>, <c>Static</c>, <c>Direct</c>, <c>NodeMesh</c> or <c>BGPPeer</c>.</summary>
    public string? SourceType { get; set; }

    /// <summary>The peer's address, where a peer told it.</summary>
    public string? PeerIP { get; set; }
}
