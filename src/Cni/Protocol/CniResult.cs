using System.Text.Json.Serialization;

namespace Margay.Cni.Protocol;

/// <summary>What ADD made. Kept in the shape of the newest version; <see cref="CniResultWriter"/> writes the older ones.</summary>
public sealed class CniResult
{
    /// <summary>The version of this document.</summary>
    public string? CniVersion { get; set; }

    /// <summary>Interfaces on the host and in the container.</summary>
    public List<CniInterface>? Interfaces { get; set; }

    /// <summary>Addresses.</summary>
    public List<CniIpConfig>? Ips { get; set; }

    /// <summary>Routes in the container.</summary>
    public List<CniRoute>? Routes { get; set; }

    /// <summary>Name resolution.</summary>
    public CniDns? Dns { get; set; }
}

/// <summary>An interface.</summary>
public sealed class CniInterface
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its hardware address.</summary>
    public string? Mac { get; set; }

    /// <summary>Its MTU in bytes; since 1.1.0.</summary>
    public int? Mtu { get; set; }

    /// <summary>The path of the network namespace; absent for an interface of the host.</summary>
    public string? Sandbox { get; set; }
}

/// <summary>An address.</summary>
public sealed class CniIpConfig
{
    /// <summary>"4" or "6"; only before 1.0.0, where it is required.</summary>
    [JsonPropertyOrder(-1)]
    public string? Version { get; set; }

    /// <summary>Address and prefix length.</summary>
    public string Address { get; set; } = "";

    /// <summary>The next hop.</summary>
    public string? Gateway { get; set; }

    /// <summary>An index into <see cref="CniResult.Interfaces"/>.</summary>
    public int? Interface { get; set; }
}

/// <summary>A route in the container.</summary>
public sealed class CniRoute
{
    /// <summary>The destination prefix.</summary>
    public string Dst { get; set; } = "";

    /// <summary>The next hop.</summary>
    public string? Gw { get; set; }

    /// <summary>The path's MTU in bytes; since 1.1.0.</summary>
    public int? Mtu { get; set; }

    /// <summary>Since 1.1.0.</summary>
    public int? Priority { get; set; }

    /// <summary>Since 1.1.0.</summary>
    public int? Table { get; set; }

    /// <summary>Since 1.1.0.</summary>
    public int? Scope { get; set; }
}

/// <summary>Name resolution.</summary>
public sealed class CniDns
{
    /// <summary>Addresses of servers.</summary>
    public List<string>? Nameservers { get; set; }

    /// <summary>The local domain.</summary>
    public string? Domain { get; set; }

    /// <summary>Search list.</summary>
    public List<string>? Search { get; set; }

    /// <summary>Resolver options.</summary>
    public List<string>? Options { get; set; }
}

/// <summary>The answer to VERSION.</summary>
/// <param name="CniVersion">The version that was asked with.</param>
/// <param name="SupportedVersions">The versions that we speak.</param>
public sealed record CniVersionInfo(string CniVersion, IReadOnlyList<string> SupportedVersions);
