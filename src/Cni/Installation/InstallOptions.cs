namespace Margay.Cni.Installation;

/// <summary>What is put on a node, and where.</summary>
public sealed record InstallOptions
{
    /// <summary>The folder with the plugins that this version brings.</summary>
    public string Source { get; init; } = "/plugins";

    /// <summary>The network configuration to put on the node; its file name is kept.</summary>
    public string Config { get; init; } = "/etc/margay/cni/10-margay.conflist";

    /// <summary>Where the runtime looks for plugins.</summary>
    public string BinFolder { get; init; } = "/host/opt/cni/bin";

    /// <summary>Where the runtime looks for configurations; the lowest name wins.</summary>
    public string ConfFolder { get; init; } = "/host/etc/cni/net.d";

    /// <summary>How often what is on the node is compared with what should be.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The configuration's path on the node.</summary>
    public string Target => Path.Combine(ConfFolder, Path.GetFileName(Config));
}
