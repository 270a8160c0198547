namespace Margay.Model.Resources;

/// <summary>
/// An interface of a node that policy protects, or all of them. Without an allowing policy or profile it blocks, except
/// for the failsafe ports (projectcalico.org/v3).
/// </summary>
public sealed class HostEndpoint() : Resource(ApiVersions.ProjectCalico, "HostEndpoint")
{
    /// <summary>Which interface of which node.</summary>
    public HostEndpointSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>Which interface of which node.</summary>
public sealed class HostEndpointSpec
{
    /// <summary>The node's name; needed.</summary>
    public string? Node { get; set; }

    /// <summary>
    /// An interface such as <c>eth0</c>, at most 15 characters; <c>*</c> for all traffic of the host's network namespace; or
    /// absent, and then the interface that has one of the expected addresses.
    /// </summary>
    public string? InterfaceName { get; set; }

    /// <summary>
    /// Addresses of the endpoint. Selectors in other rules match it by these only. Needed when there is no interface name.
    /// </summary>
    public List<string>? ExpectedIPs { get; set; }

    /// <summary>Profiles in their order; their rules come after those of policies.</summary>
    public List<string>? Profiles { get; set; }

    /// <summary>Ports by name, for rules that use names.</summary>
    public List<HostEndpointPort>? Ports { get; set; }
}

/// <summary>A named port of a host endpoint.</summary>
public sealed class HostEndpointPort
{
    /// <summary>The name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>The protocol.</summary>
    public Protocol Protocol { get; set; }

    /// <summary>The number, 1 to 65535.</summary>
    public int Port { get; set; }
}
