namespace Margay.Model.Resources;

/// <summary>Sessions between nodes and a BGP speaker, or among nodes (projectcalico.org/v3).</summary>
public sealed class BGPPeer() : Resource(ApiVersions.ProjectCalico, "BGPPeer")
{
    /// <summary>Who peers with whom, and how.</summary>
    public BGPPeerSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>Who peers with whom, and how.</summary>
public sealed class BGPPeerSpec
{
    /// <summary>The node that peers; neither this nor <see cref="NodeSelector"/> means all nodes.</summary>
    public string? Node { get; set; }

    /// <summary>The nodes that peer; not together with <see cref="Node"/>.</summary>
    public string? NodeSelector { get; set; }

    /// <summary>
    /// The peer: <c>192.0.2.1</c>, <c>192.0.2.1:179</c>, <c>2001:db8::1</c> or <c>[2001:db8::1]:179</c>. Not together with
    /// <see cref="PeerSelector"/>.
    /// </summary>
    public string? PeerIP { get; set; }

    /// <summary>The peer's AS number.</summary>
    public AsNumber? AsNumber { get; set; }

    /// <summary>Our AS number towards this peer; absent for the node's.</summary>
    public AsNumber? LocalASNumber { get; set; }

    /// <summary>The nodes to peer with; not together with <see cref="PeerIP"/> and <see cref="AsNumber"/>.</summary>
    public string? PeerSelector { get; set; }

    /// <summary>Deprecated for <see cref="NextHopMode"/>: whether next hops are left as they are; default false.</summary>
    public bool? KeepOriginalNextHop { get; set; }

    /// <summary><c>Auto</c> (default) as BGP does, <c>Self</c>, or <c>Keep</c>: the next hop of routes that we pass on.</summary>
    public string? NextHopMode { get; set; }

    /// <summary>The password of the sessions.</summary>
    public BGPPassword? Password { get; set; }

    /// <summary>The source address of the sessions: <c>UseNodeIP</c> (default) or <c>None</c> for what routing says.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>How long to wait for a restarting peer (RFC 4724), whole seconds; default 120s.</summary>
    public string? MaxRestartTime { get; set; }

    /// <summary>The time between keepalives, whole seconds; default a third of the hold time.</summary>
    public string? KeepaliveTime { get; set; }

    /// <summary>How often our own AS number may stand in a path we accept; it weakens the prevention of loops.</summary>
    public int? NumAllowedLocalASNumbers { get; set; }

    /// <summary>How many hops away the peer may be (RFC 5082), 1 to 255; absent for no check.</summary>
    public int? TtlSecurity { get; set; }

    /// <summary>The gateway of a route to the peer alone, which keeps it reachable; only with <see cref="PeerIP"/>.</summary>
    public string? ReachableBy { get; set; }

    /// <summary>The names of filters, in their order.</summary>
    public List<string>? Filters { get; set; }

    /// <summary>
    /// Workloads on the node to peer with; needs <see cref="AsNumber"/>, excludes <see cref="PeerIP"/> and
    /// <see cref="PeerSelector"/>.
    /// </summary>
    public string? LocalWorkloadSelector { get; set; }

    /// <summary>
    /// <c>Auto</c> (default) makes the other direction for peers that are nodes, <c>Manual</c> leaves it to another object.
    /// </summary>
    public string? ReversePeering { get; set; }
}
