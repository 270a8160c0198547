namespace Margay.Model.Resources;

/// <summary>
/// Some of the addresses behind a service (discovery.k8s.io/v1). The fields of v1beta1, which Kubernetes before 1.21
/// serves, are there too.
/// </summary>
public sealed class EndpointSlice() : Resource(ApiVersions.Discovery, "EndpointSlice")
{
    /// <summary>The label that names the service.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>; one for all endpoints of the slice.</summary>
    public string AddressType { get; set => field = value ?? ""; } = "";

    /// <summary>The endpoints, at most 1000.</summary>
    public List<Endpoint> Endpoints { get; set => field = value ?? []; } = [];

    /// <summary>The ports that every endpoint has; absent or empty means none.</summary>
    public List<EndpointPort>? Ports { get; set; }
}

/// <summary>One endpoint of a slice.</summary>
public sealed class Endpoint
{
    /// <summary>The addresses, all of the same endpoint; consumers use the first.</summary>
    public List<string> Addresses { get; set => field = value ?? []; } = [];

    /// <summary>Its state.</summary>
    public EndpointConditions? Conditions { get; set; }

    /// <summary>The host's name.</summary>
    public string? Hostname { get; set; }

    /// <summary>The object it belongs to, normally a pod.</summary>
    public ObjectReference? TargetRef { get; set; }

    /// <summary>Left over from v1beta1.</summary>
    public Dictionary<string, string>? DeprecatedTopology { get; set; }

    /// <summary>v1beta1: where the endpoint is; the node under <c>kubernetes.io/hostname</c>.</summary>
    public Dictionary<string, string>? Topology { get; set; }

    /// <summary>The node it is on.</summary>
    public string? NodeName { get; set; }

    /// <summary>The zone it is in.</summary>
    public string? Zone { get; set; }

    /// <summary>Who should use it.</summary>
    public EndpointHints? Hints { get; set; }
}

/// <summary>The state of an endpoint.</summary>
public sealed class EndpointConditions
{
    /// <summary>Whether it takes traffic; absent counts as true. False while it terminates.</summary>
    public bool? Ready { get; set; }

    /// <summary>Like ready, but also true for one that terminates and still serves; absent means the same as ready.</summary>
    public bool? Serving { get; set; }

    /// <summary>Whether it is going away; absent counts as false.</summary>
    public bool? Terminating { get; set; }
}

/// <summary>Who should use an endpoint.</summary>
public sealed class EndpointHints
{
    /// <summary>Zones.</summary>
    public List<ForZone>? ForZones { get; set; }

    /// <summary>Nodes.</summary>
    public List<ForNode>? ForNodes { get; set; }
}

/// <summary>A zone that should use an endpoint.</summary>
public sealed class ForZone
{
    /// <summary>The zone.</summary>
    public string Name { get; set => field = value ?? ""; } = "";
}

/// <summary>A node that should use an endpoint.</summary>
public sealed class ForNode
{
    /// <summary>The node.</summary>
    public string Name { get; set => field = value ?? ""; } = "";
}

/// <summary>A port of a slice (discovery/v1 EndpointPort).</summary>
public sealed class EndpointPort
{
    /// <summary>The name of the service's port; empty for the only one.</summary>
    public string? Name { get; set; }

    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>The number; absent means all ports, and consumers decide what that is.</summary>
    public int? Port { get; set; }

    /// <summary>The protocol spoken on top.</summary>
    public string? AppProtocol { get; set; }
}
