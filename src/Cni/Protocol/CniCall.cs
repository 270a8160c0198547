namespace Margay.Cni.Protocol;

/// <summary>
/// The environment variables of one call, as they were given. Settable: generated JSON code overwrites init-only members
/// that a document lacks, and an older plugin's document may lack some.
/// </summary>
public sealed record CniEnvironment
{
    /// <summary>CNI_COMMAND.</summary>
    public string Command { get; set => field = value ?? ""; } = "";

    /// <summary>CNI_CONTAINERID.</summary>
    public string ContainerId { get; set => field = value ?? ""; } = "";

    /// <summary>CNI_NETNS.</summary>
    public string NetNs { get; set => field = value ?? ""; } = "";

    /// <summary>CNI_IFNAME.</summary>
    public string IfName { get; set => field = value ?? ""; } = "";

    /// <summary>CNI_ARGS.</summary>
    public string Args { get; set => field = value ?? ""; } = "";

    /// <summary>Reads the variables.</summary>
    public static CniEnvironment From(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new CniEnvironment
        {
            Command = variable("CNI_COMMAND") ?? "",
            ContainerId = variable("CNI_CONTAINERID") ?? "",
            NetNs = variable("CNI_NETNS") ?? "",
            IfName = variable("CNI_IFNAME") ?? "",
            Args = variable("CNI_ARGS") ?? "",
        };
    }
}

/// <summary>One call, checked: what plugin and node service work with.</summary>
public sealed record CniCall
{
    /// <summary>What is asked for.</summary>
    public required CniVerb Verb { get; init; }

    /// <summary>The version to answer in.</summary>
    public required CniVersion Version { get; init; }

    /// <summary>The container; empty for GC and STATUS.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The path of the container's network namespace; may be empty for DEL.</summary>
    public required string NetNs { get; init; }

    /// <summary>The interface's name in the container; empty for GC and STATUS.</summary>
    public required string IfName { get; init; }

    /// <summary>Every key of CNI_ARGS.</summary>
    public required IReadOnlyDictionary<string, string> Args { get; init; }

    /// <summary>The pod, or null for a container that is not of Kubernetes.</summary>
    public required CniPod? Pod { get; init; }

    /// <summary>The network configuration.</summary>
    public required CniNetworkConfig Config { get; init; }

    /// <summary>The attachments that GC must keep: container and interface.</summary>
    public IEnumerable<(string ContainerId, string IfName)> ValidAttachments =>
        (Config.ValidAttachments ?? Config.Attachments ?? []).Select(a => (a.ContainerID, a.Ifname));
}
