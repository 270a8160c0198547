using Margay.Controllers.Election;

namespace Margay.Controllers;

/// <summary>How the controllers run. What they do is said by the resource KubeControllersConfiguration <c>default</c>.</summary>
public sealed record ControllersOptions
{
    /// <summary>The controllers that may be named, and upstream's names of such that have nothing to do here.</summary>
    public static readonly IReadOnlyList<string> KnownControllers =
        ["node", "loadbalancer", "policy", "namespace", "profile", "serviceaccount", "workloadendpoint"];

    /// <summary>How a leader is chosen among several processes; null: this process is the only one.</summary>
    public ElectionOptions? Election { get; init; } = new();

    /// <summary>The controllers that run, whatever the resource lists; null for those that it lists.</summary>
    public IReadOnlySet<string>? EnabledControllers { get; init; }

    /// <summary>The address that health and metrics listen on; <c>*</c> for all. The default is reachable from this machine alone.</summary>
    public string HealthHost { get; init; } = "localhost";

    /// <summary>The port of metrics; 0 for none; null for what the resource says (9094 when it says nothing).</summary>
    public int? MetricsPort { get; init; }

    /// <summary>A further port for health alone, for where metrics are switched off; 0 for none.</summary>
    public int HealthPort { get; init; }

    /// <summary>The version that ClusterInformation tells.</summary>
    public string Version { get; init; } = "v0.0.0";

    /// <summary>What is wrong with these options; null when nothing is.</summary>
    public string? Problem =>
        Election?.Problem is { } problem ? problem
        : EnabledControllers?.Except(KnownControllers).FirstOrDefault() is { } unknown ? $"there is no controller \"{unknown}\"; there are {string.Join(", ", KnownControllers)}"
        : MetricsPort is < 0 or > 65535 ? $"{MetricsPort} is not a port"
        : HealthPort is < 0 or > 65535 ? $"{HealthPort} is not a port"
        : null;
}
