using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Cni.Protocol;

/// <summary>
/// The network configuration on standard input: the specification's keys, and of the keys that people know from
/// <c>type: calico</c> those that mean something here. Unknown keys are ignored, as the specification wants.
/// </summary>
public sealed class CniNetworkConfig
{
    /// <summary>The version of the specification that the caller speaks.</summary>
    public string? CniVersion { get; set; }

    /// <summary>The network's name.</summary>
    public string? Name { get; set; }

    /// <summary>The plugin's file name.</summary>
    public string? Type { get; set; }

    /// <summary>The MTU of the container's interface in bytes; 0 or absent: found by the node service.</summary>
    public int Mtu { get; set; }

    /// <summary>The node's name; checked against the node service's own.</summary>
    public string? NodeName { get; set; }

    /// <summary>The node service's socket.</summary>
    public string? Socket { get; set; }

    /// <summary>The directory for state that lasts until the next boot.</summary>
    [JsonPropertyName("run_dir")]
    public string? RunDir { get; set; }

    /// <summary>DEBUG, INFO, WARNING or ERROR: at DEBUG the plugin's log has every call, else only failures.</summary>
    [JsonPropertyName("log_level")]
    public string? LogLevel { get; set; }

    /// <summary>A file to which the plugin appends a line for each failure; absent: none. The node service's log has more.</summary>
    [JsonPropertyName("log_file_path")]
    public string? LogFilePath { get; set; }

    /// <summary>How long ADD may wait for the node service, in seconds; 0 or absent: 60.</summary>
    [JsonPropertyName("policy_setup_timeout_seconds")]
    public int TimeoutSeconds { get; set; }

    /// <summary>Address management.</summary>
    public CniIpamConfig? Ipam { get; set; }

    /// <summary>Policy.</summary>
    public CniPolicyConfig? Policy { get; set; }

    /// <summary>What the plugin says it can do with <see cref="RuntimeConfig"/>.</summary>
    public Dictionary<string, bool>? Capabilities { get; set; }

    /// <summary>What the runtime knows about this container.</summary>
    public CniRuntimeConfig? RuntimeConfig { get; set; }

    /// <summary>The older way for the runtime to say things about this container.</summary>
    public CniConfigArgs? Args { get; set; }

    /// <summary>CHECK, DEL: what ADD answered. ADD: what the plugin before us in the list answered.</summary>
    public CniResult? PrevResult { get; set; }

    /// <summary>GC: the attachments that are still valid.</summary>
    [JsonPropertyName("cni.dev/valid-attachments")]
    public List<CniAttachment>? ValidAttachments { get; set; }

    /// <summary>GC: the same list under the key that the reference library also writes.</summary>
    [JsonPropertyName("cni.dev/attachments")]
    public List<CniAttachment>? Attachments { get; set; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="utf8">One JSON document.</param>
    /// <param name="config">The configuration when there is no error.</param>
    /// <returns>What is wrong, or null.</returns>
    public static CniError? TryRead(ReadOnlySpan<byte> utf8, out CniNetworkConfig config)
    {
        config = new CniNetworkConfig();
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
            return new CniError(CniErrorCode.Decode, "There is no network configuration on standard input.", "A runtime writes it there; for a try by hand use '< file'.");
        try
        {
            config = JsonSerializer.Deserialize(utf8, CniJson.Default.CniNetworkConfig) ?? config;
            return null;
        }
        catch (JsonException e)
        {
            return new CniError(CniErrorCode.Decode, "The network configuration cannot be read.", e.Message);
        }
    }
}

/// <summary>The <c>ipam</c> part of a configuration.</summary>
public sealed class CniIpamConfig
{
    /// <summary>The kind of address management.</summary>
    public string? Type { get; set; }

    /// <summary>"true" or "false" as text; absent: "true".</summary>
    [JsonPropertyName("assign_ipv4")]
    public string? AssignIpv4 { get; set; }

    /// <summary>"true" or "false" as text; absent: as the node service's pools say.</summary>
    [JsonPropertyName("assign_ipv6")]
    public string? AssignIpv6 { get; set; }

    /// <summary>Names or prefixes of the pools to take IPv4 addresses from.</summary>
    [JsonPropertyName("ipv4_pools")]
    public List<string>? Ipv4Pools { get; set; }

    /// <summary>Names or prefixes of the pools to take IPv6 addresses from.</summary>
    [JsonPropertyName("ipv6_pools")]
    public List<string>? Ipv6Pools { get; set; }
}

/// <summary>The <c>policy</c> part of a configuration.</summary>
public sealed class CniPolicyConfig
{
    /// <summary>Always <c>k8s</c>.</summary>
    public string? Type { get; set; }
}

/// <summary>The <c>args</c> part of a configuration.</summary>
public sealed class CniConfigArgs
{
    /// <summary>The conventional part.</summary>
    public CniConfigCniArgs? Cni { get; set; }
}

/// <summary>The conventional part of <see cref="CniConfigArgs"/>.</summary>
public sealed class CniConfigCniArgs
{
    /// <summary>Addresses to use.</summary>
    public List<string>? Ips { get; set; }
}

/// <summary>An attachment that GC must keep.</summary>
public sealed class CniAttachment
{
    /// <summary>The container.</summary>
    public string ContainerID { get; set; } = "";

    /// <summary>The interface in it.</summary>
    public string Ifname { get; set; } = "";
}
