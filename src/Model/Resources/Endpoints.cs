namespace Margay.Model.Resources;

/// <summary>The addresses behind the service of the same name (core v1); endpoint slices follow it.</summary>
public sealed class Endpoints() : Resource(ApiVersions.Core, "Endpoints")
{
    /// <summary>Groups of addresses with the same ports.</summary>
    public List<EndpointSubset>? Subsets { get; set; }
}

/// <summary>Addresses with the same ports: every address has every port.</summary>
public sealed class EndpointSubset
{
    /// <summary>Addresses that are ready.</summary>
    public List<EndpointAddress>? Addresses { get; set; }

    /// <summary>Addresses that are not.</summary>
    public List<EndpointAddress>? NotReadyAddresses { get; set; }

    /// <summary>The ports.</summary>
    public List<CoreEndpointPort>? Ports { get; set; }
}

/// <summary>An address behind a service.</summary>
public sealed class EndpointAddress
{
    /// <summary>The IP address.</summary>
    public string Ip { get; set => field = value ?? ""; } = "";

    /// <summary>The host's name.</summary>
    public string? Hostname { get; set; }

    /// <summary>The node it is on.</summary>
    public string? NodeName { get; set; }

    /// <summary>The object it belongs to, normally a pod.</summary>
    public ObjectReference? TargetRef { get; set; }
}

/// <summary>A port behind a service (core/v1 EndpointPort).</summary>
public sealed class CoreEndpointPort
{
    /// <summary>The name of the service's port.</summary>
    public string? Name { get; set; }

    /// <summary>The number.</summary>
    public int Port { get; set; }

    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>The protocol spoken on top.</summary>
    public string? AppProtocol { get; set; }
}
