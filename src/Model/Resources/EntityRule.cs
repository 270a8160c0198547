namespace Margay.Model.Resources;

/// <summary>What a rule demands of one end of a connection; all that is given must hold.</summary>
public sealed class EntityRule
{
    /// <summary>
    /// The address is in one of these networks, in CIDR notation without host bits; at most 256. One rule must not mix IPv4
    /// and IPv6.
    /// </summary>
    public List<string>? Nets { get; set; }

    /// <summary>
    /// A selector expression, at most 1024 characters: the address belongs to an endpoint or network set whose labels match.
    /// Addresses that belong to no known endpoint never match, not even <c>all()</c>.
    /// </summary>
    public string? Selector { get; set; }

    /// <summary>
    /// A selector over the labels of namespaces, at most 1024 characters. In a namespaced policy, absent means the policy's
    /// own namespace and <c>global()</c> means what is in no namespace: host endpoints and global network sets.
    /// </summary>
    public string? NamespaceSelector { get; set; }

    /// <summary>
    /// The addresses and ports behind a Kubernetes service. It stands alone: no nets, selectors, service accounts, and in a
    /// destination no ports.
    /// </summary>
    public ServiceMatch? Services { get; set; }

    /// <summary>
    /// Ports, at most 50: numbers, ranges <c>"first:last"</c> or names of ports that endpoints declare. Needs a protocol that
    /// has ports.
    /// </summary>
    public List<PolicyPort>? Ports { get; set; }

    /// <summary>The address is in none of these; at most 256.</summary>
    public List<string>? NotNets { get; set; }

    /// <summary>
    /// The address belongs to no endpoint or network set that matches this selector; so it also matches addresses that
    /// nobody knows, which <c>!</c> inside a selector does not.
    /// </summary>
    public string? NotSelector { get; set; }

    /// <summary>The port is none of these; at most 50. Needs a protocol that has ports.</summary>
    public List<PolicyPort>? NotPorts { get; set; }

    /// <summary>The pod runs under a service account that fits.</summary>
    public ServiceAccountMatch? ServiceAccounts { get; set; }
}

/// <summary>A Kubernetes service.</summary>
public sealed class ServiceMatch
{
    /// <summary>The service's name; needed.</summary>
    public string? Name { get; set; }

    /// <summary>The service's namespace; absent means that of the policy.</summary>
    public string? Namespace { get; set; }
}

/// <summary>Service accounts; when both fields are given, both must fit.</summary>
public sealed class ServiceAccountMatch
{
    /// <summary>Names of service accounts; any of them.</summary>
    public List<string>? Names { get; set; }

    /// <summary>A selector over the labels of service accounts.</summary>
    public string? Selector { get; set; }
}
