using Margay.Controllers.HostEndpoints;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Configuration;

/// <summary>
/// Turns KubeControllersConfiguration into settings, and says back what the controllers run with. Pure. A value that
/// cannot be understood (validation refuses it, but the object may come from elsewhere) counts as its default and is told.
/// </summary>
internal static class ConfigurationReader
{
    /// <summary>The one object's name.</summary>
    public const string Name = "default";

    /// <summary>Upstream's port of metrics.</summary>
    public const int DefaultMetricsPort = 9094;

    private static readonly TimeSpan DefaultGrace = TimeSpan.FromMinutes(15);

    /// <summary>The object that is made where there is none: upstream's defaults, as far as they mean something here.</summary>
    public static KubeControllersConfiguration Default => new()
    {
        Metadata = { Name = Name },
        Spec = new()
        {
            LogSeverityScreen = "Info",
            HealthChecks = "Enabled",
            PrometheusMetricsPort = DefaultMetricsPort,
            Controllers = new()
            {
                Node = new()
                {
                    SyncLabels = "Enabled",
                    LeakGracePeriod = "15m",
                    HostEndpoint = new() { AutoCreate = "Disabled", CreateDefaultHostEndpoint = "Enabled" },
                },
                LoadBalancer = new() { AssignIPs = "AllServices" },
            },
        },
    };

    /// <summary>Reads.</summary>
    /// <param name="spec">The object; null counts as <see cref="Default"/>.</param>
    /// <param name="only">The controllers that run whatever the object lists; null for those that it lists.</param>
    public static RunningSettings Read(KubeControllersConfigurationSpec? spec, IReadOnlySet<string>? only)
    {
        spec ??= Default.Spec;
        var problems = new List<string>();
        var controllers = spec.Controllers;
        var node = Runs("node", controllers?.Node is not null, only) ? Node(controllers?.Node ?? new(), problems) : null;
        var balancer = Runs("loadbalancer", controllers?.LoadBalancer is not null, only) ? Balancer(controllers?.LoadBalancer ?? new(), problems) : null;
        return new RunningSettings(node, balancer, Level(spec.LogSeverityScreen), spec.HealthChecks != "Disabled", spec.PrometheusMetricsPort ?? DefaultMetricsPort)
        {
            Problems = problems,
        };
    }

    /// <summary>What to say in the object's status.</summary>
    public static KubeControllersConfigurationSpec Running(KubeControllersConfigurationSpec? spec, RunningSettings settings)
    {
        spec ??= Default.Spec;
        var node = spec.Controllers?.Node;
        return new()
        {
            LogSeverityScreen = spec.LogSeverityScreen ?? "Info",
            HealthChecks = settings.HealthChecks ? "Enabled" : "Disabled",
            PrometheusMetricsPort = settings.MetricsPort,
            Controllers = new()
            {
                Node = settings.Node is null ? null : new()
                {
                    // Labels of Kubernetes' nodes are read where they are: nothing is copied.
                    SyncLabels = "Disabled",
                    LeakGracePeriod = node?.LeakGracePeriod ?? "15m",
                    HostEndpoint = new()
                    {
                        AutoCreate = settings.Node.HostEndpoints.Enabled ? "Enabled" : "Disabled",
                        CreateDefaultHostEndpoint = settings.Node.HostEndpoints.CreateDefault ? "Enabled" : "Disabled",
                        Templates = node?.HostEndpoint?.Templates,
                    },
                },
                LoadBalancer = settings.LoadBalancer is null ? null : new() { AssignIPs = settings.LoadBalancer.AllServices ? "AllServices" : "RequestedServicesOnly" },
            },
        };
    }

    private static bool Runs(string name, bool listed, IReadOnlySet<string>? only) => only?.Contains(name) ?? listed;

    private static NodeSettings Node(NodeControllerConfig node, List<string> problems)
    {
        TimeSpan? grace = DefaultGrace;
        if (node.LeakGracePeriod is { } text)
        {
            if (!GoDuration.TryParse(text, out var read) || read < TimeSpan.Zero)
                problems.Add($"spec.controllers.node.leakGracePeriod: \"{text}\" is not a duration such as 15m; 15m counts");
            else
                grace = read == TimeSpan.Zero ? null : read;
        }
        return new NodeSettings(grace, AutoHostEndpoints.Read(node.HostEndpoint, problems));
    }

    private static LoadBalancerSettings Balancer(LoadBalancerControllerConfig balancer, List<string> problems)
    {
        if (balancer.AssignIPs is not (null or "" or "AllServices" or "RequestedServicesOnly"))
            problems.Add($"spec.controllers.loadBalancer.assignIPs: \"{balancer.AssignIPs}\" is neither AllServices nor RequestedServicesOnly; AllServices counts");
        return new LoadBalancerSettings(balancer.AssignIPs != "RequestedServicesOnly");
    }

    private static LogLevel Level(string? severity) => severity switch
    {
        "Debug" => LogLevel.Debug,
        "Warning" => LogLevel.Warning,
        "Error" => LogLevel.Error,
        "Fatal" or "Panic" => LogLevel.Critical,
        "None" => LogLevel.None,
        _ => LogLevel.Information,
    };
}
