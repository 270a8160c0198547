namespace Margay.Model.Resources;

/// <summary>
/// Settings of the node service (projectcalico.org/v3). <c>default</c> holds for every node, <c>node.NAME</c> overrides it
/// on one, and others override it on the nodes that their selector matches.
/// </summary>
public sealed class FelixConfiguration() : Resource(ApiVersions.ProjectCalico, "FelixConfiguration")
{
    /// <summary>The settings; those that are absent have their defaults.</summary>
    public FelixConfigurationSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>Settings of the node service. Durations are written as in Go: <c>90s</c>, <c>1m30s</c>, <c>50ms</c>.</summary>
public sealed partial class FelixConfigurationSpec
{
    /// <summary>Which nodes the settings hold for; not in <c>default</c> and <c>node.NAME</c>. The oldest match wins.</summary>
    public string? NodeSelector { get; set; }
}
