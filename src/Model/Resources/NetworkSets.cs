namespace Margay.Model.Resources;

/// <summary>Addresses under one set of labels, for the policies of one namespace (projectcalico.org/v3).</summary>
public sealed class NetworkSet() : Resource(ApiVersions.ProjectCalico, "NetworkSet")
{
    /// <summary>The addresses.</summary>
    public NetworkSetSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>
/// Addresses under one set of labels, for every global policy, and for namespaced policies whose rule says
/// <c>namespaceSelector: global()</c> (projectcalico.org/v3).
/// </summary>
public sealed class GlobalNetworkSet() : Resource(ApiVersions.ProjectCalico, "GlobalNetworkSet")
{
    /// <summary>The addresses.</summary>
    public NetworkSetSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The addresses of a network set.</summary>
public sealed class NetworkSetSpec
{
    /// <summary>Networks in CIDR notation, or single addresses.</summary>
    public List<string>? Nets { get; set; }
}
