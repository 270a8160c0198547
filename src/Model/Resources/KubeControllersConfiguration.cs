namespace Margay.Model.Resources;

/// <summary>Settings of the controllers; there is one, named <c>default</c> (projectcalico.org/v3).</summary>
public sealed class KubeControllersConfiguration() : Resource(ApiVersions.ProjectCalico, "KubeControllersConfiguration")
{
    /// <summary>The settings.</summary>
    public KubeControllersConfigurationSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What the controllers run with.</summary>
    public KubeControllersConfigurationStatus? Status { get; set; }
}

/// <summary>Settings of the controllers. Durations are written as in Go: <c>90s</c>, <c>1m30s</c>.</summary>
public sealed class KubeControllersConfigurationSpec
{
    /// <summary>
    /// The least severity for standard output: <c>None</c>, <c>Debug</c>, <c>Info</c> (default), <c>Warning</c>,
    /// <c>Error</c>, <c>Fatal</c> or <c>Panic</c>.
    /// </summary>
    public string? LogSeverityScreen { get; set; }

    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether they answer health probes.</summary>
    public string? HealthChecks { get; set; }

    /// <summary>etcd: the time between compactions; 0 for none; default 10m.</summary>
    public string? EtcdV3CompactionPeriod { get; set; }

    /// <summary>The TCP port of metrics, 0 to 65535; 0 for none; default 9094.</summary>
    public int? PrometheusMetricsPort { get; set; }

    /// <summary>The single controllers; one that is absent does not run.</summary>
    public ControllersConfig? Controllers { get; set; }

    /// <summary>The TCP port of profiles, 0 to 65535; absent for none.</summary>
    public int? DebugProfilePort { get; set; }
}

/// <summary>What the controllers run with.</summary>
public sealed class KubeControllersConfigurationStatus
{
    /// <summary>The settings after environment variables have overridden some.</summary>
    public KubeControllersConfigurationSpec? RunningConfig { get; set; }

    /// <summary>The environment variables that did.</summary>
    public Dictionary<string, string>? EnvironmentVars { get; set; }
}

/// <summary>Settings of each controller.</summary>
public sealed class ControllersConfig
{
    /// <summary>Cleans up after nodes, and makes host endpoints for them.</summary>
    public NodeControllerConfig? Node { get; set; }

    /// <summary>etcd: copies Kubernetes policies.</summary>
    public ReconcilerConfig? Policy { get; set; }

    /// <summary>etcd: copies labels of pods.</summary>
    public ReconcilerConfig? WorkloadEndpoint { get; set; }

    /// <summary>etcd: copies service accounts.</summary>
    public ReconcilerConfig? ServiceAccount { get; set; }

    /// <summary>etcd: copies namespaces.</summary>
    public ReconcilerConfig? Namespace { get; set; }

    /// <summary>Gives addresses to services of type LoadBalancer.</summary>
    public LoadBalancerControllerConfig? LoadBalancer { get; set; }

    /// <summary>Moves old objects to new forms.</summary>
    public MigrationControllerConfig? Migration { get; set; }
}

/// <summary>Settings of a controller that copies.</summary>
public sealed class ReconcilerConfig
{
    /// <summary>The time between comparisons of everything; default 5m.</summary>
    public string? ReconcilerPeriod { get; set; }
}

/// <summary>Settings of the controller for nodes.</summary>
public sealed class NodeControllerConfig
{
    /// <summary>The time between comparisons of everything; default 5m.</summary>
    public string? ReconcilerPeriod { get; set; }

    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether labels of nodes are copied.</summary>
    public string? SyncLabels { get; set; }

    /// <summary>Host endpoints for nodes.</summary>
    public AutoHostEndpointConfig? HostEndpoint { get; set; }

    /// <summary>How old an address without owner must be to be freed; 0 for never; default 15m.</summary>
    public string? LeakGracePeriod { get; set; }
}

/// <summary>Host endpoints that are made for nodes.</summary>
public sealed class AutoHostEndpointConfig
{
    /// <summary><c>Enabled</c> or <c>Disabled</c> (default).</summary>
    public string? AutoCreate { get; set; }

    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether each node gets one for all its interfaces.</summary>
    public string? CreateDefaultHostEndpoint { get; set; }

    /// <summary>Further ones.</summary>
    public List<HostEndpointTemplate>? Templates { get; set; }
}

/// <summary>How host endpoints are made for some nodes.</summary>
public sealed class HostEndpointTemplate
{
    /// <summary>The end of their names.</summary>
    public string? GenerateName { get; set; }

    /// <summary>Which addresses of a node they expect. This or <see cref="InterfacePattern"/> is needed.</summary>
    public List<string>? InterfaceCIDRs { get; set; }

    /// <summary>A regular expression; each interface whose name matches gets one.</summary>
    public string? InterfacePattern { get; set; }

    /// <summary>Labels they get, which win over those of the node.</summary>
    public Dictionary<string, string>? Labels { get; set; }

    /// <summary>Annotations they get.</summary>
    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>The nodes.</summary>
    public string? NodeSelector { get; set; }
}

/// <summary>Settings of the controller for services of type LoadBalancer.</summary>
public sealed class LoadBalancerControllerConfig
{
    /// <summary>Which services get an address: <c>AllServices</c> (default) or <c>RequestedServicesOnly</c>.</summary>
    public string? AssignIPs { get; set; }
}

/// <summary>Settings of the controller for old objects.</summary>
public sealed class MigrationControllerConfig
{
    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether old names of policies are changed.</summary>
    public string? PolicyNameMigrator { get; set; }
}
