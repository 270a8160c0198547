namespace Margay.Model.Resources;

// How the process runs, logs and reports.
public sealed partial class FelixConfigurationSpec
{
    /// <summary>
    /// Whether the built-in data planes are used (default true) or the program in <see cref="DataplaneDriver"/>.
    /// </summary>
    public bool? UseInternalDataplaneDriver { get; set; }

    /// <summary>
    /// The file of an external data plane driver, when <see cref="UseInternalDataplaneDriver"/> is false; default
    /// <c>calico-iptables-plugin</c>.
    /// </summary>
    public string? DataplaneDriver { get; set; }

    /// <summary>
    /// Deprecated, see <see cref="HealthTimeoutOverrides"/>: how long the data plane may be silent before it counts as ill;
    /// default 90s.
    /// </summary>
    public string? DataplaneWatchdogTimeout { get; set; }

    /// <summary>
    /// Platform features to switch by hand instead of by detection, <c>Name=true|false</c> with commas between.
    /// </summary>
    public string? FeatureDetectOverride { get; set; }

    /// <summary>Previews to switch, <c>Name=value</c> with commas between.</summary>
    public string? FeatureGates { get; set; }

    /// <summary>Whether the health port is open; default false.</summary>
    public bool? HealthEnabled { get; set; }

    /// <summary>The address of the health port; default <c>localhost</c>.</summary>
    public string? HealthHost { get; set; }

    /// <summary>The TCP port for liveness and readiness; default 9099.</summary>
    public int? HealthPort { get; set; }

    /// <summary>Other time limits for single parts, where a loaded machine makes them look dead.</summary>
    public List<HealthTimeoutOverride>? HealthTimeoutOverrides { get; set; }

    /// <summary>Whether metrics are served; default false.</summary>
    public bool? PrometheusMetricsEnabled { get; set; }

    /// <summary>The address that metrics are served on; default all.</summary>
    public string? PrometheusMetricsHost { get; set; }

    /// <summary>The TCP port for metrics; default 9091.</summary>
    public int? PrometheusMetricsPort { get; set; }

    /// <summary>Whether metrics of the runtime are among them; default true.</summary>
    public bool? PrometheusGoMetricsEnabled { get; set; }

    /// <summary>Whether metrics of the process are among them; default true.</summary>
    public bool? PrometheusProcessMetricsEnabled { get; set; }

    /// <summary>Whether metrics of WireGuard are among them; default true.</summary>
    public bool? PrometheusWireGuardMetricsEnabled { get; set; }

    /// <summary>The file with the authorities that clients of the metrics port are checked against.</summary>
    public string? PrometheusMetricsCAFile { get; set; }

    /// <summary>The file with the certificate of the metrics port.</summary>
    public string? PrometheusMetricsCertFile { get; set; }

    /// <summary>The file with its private key.</summary>
    public string? PrometheusMetricsKeyFile { get; set; }

    /// <summary>
    /// <c>NoClientCert</c> (default), <c>RequireAnyClientCert</c>, <c>VerifyClientCertIfGiven</c> or
    /// <c>RequireAndVerifyClientCert</c>.
    /// </summary>
    public string? PrometheusMetricsClientAuth { get; set; }

    /// <summary>The log file, or <c>none</c>; default <c>/var/log/calico/felix.log</c>.</summary>
    public string? LogFilePath { get; set; }

    /// <summary>
    /// The least severity for the log file: <c>Trace</c>, <c>Debug</c>, <c>Info</c> (default), <c>Warning</c>, <c>Error</c>
    /// or <c>Fatal</c>.
    /// </summary>
    public string? LogSeverityFile { get; set; }

    /// <summary>The least severity for standard output; as <see cref="LogSeverityFile"/>.</summary>
    public string? LogSeverityScreen { get; set; }

    /// <summary>The least severity for syslog; as <see cref="LogSeverityFile"/>.</summary>
    public string? LogSeveritySys { get; set; }

    /// <summary>Debug lines are kept only from source files whose name matches this expression.</summary>
    public string? LogDebugFilenameRegex { get; set; }

    /// <summary>
    /// How lines of <c>Log</c> rules begin; default <c>calico-packet</c>. <c>%t</c> tier, <c>%k</c> kind, <c>%n</c> name,
    /// <c>%p</c> namespace and name. iptables keeps 29 characters, nftables 127.
    /// </summary>
    public string? LogPrefix { get; set; }

    /// <summary>
    /// At most so many lines of <c>Log</c> rules, for example <c>10/second</c>: 1 to 9999 per second, minute, hour or day.
    /// Absent means no limit.
    /// </summary>
    public string? LogActionRateLimit { get; set; }

    /// <summary>How many lines may come at once under <see cref="LogActionRateLimit"/>, 0 to 9999; default 5.</summary>
    public int? LogActionRateLimitBurst { get; set; }

    /// <summary>The directory of the sockets on which workloads' proxies learn policy; empty (default) for none.</summary>
    public string? PolicySyncPathPrefix { get; set; }

    /// <summary>
    /// Whether version and cluster size are reported to projectcalico.org; default true upstream. Margay never reports.
    /// </summary>
    public bool? UsageReportingEnabled { get; set; }

    /// <summary>The wait before the first report; default 300s.</summary>
    public string? UsageReportingInitialDelay { get; set; }

    /// <summary>The time between reports; default 86400s.</summary>
    public string? UsageReportingInterval { get; set; }

    /// <summary>
    /// Go runtime: how far the heap grows before a collection, in percent; -1 for never; default 40. Kept for compatibility.
    /// </summary>
    public int? GoGCThreshold { get; set; }

    /// <summary>Go runtime: the soft memory limit in MB; -1 (default) for none. Kept for compatibility.</summary>
    public int? GoMemoryLimitMB { get; set; }

    /// <summary>Go runtime: how many processors to use; -1 (default) for all. Kept for compatibility.</summary>
    public int? GoMaxProcs { get; set; }

    /// <summary>Where a memory profile is written when a signal asks for one.</summary>
    public string? DebugMemoryProfilePath { get; set; }

    /// <summary>Whether to wait rather than drop when log lines come faster than they are written; default false.</summary>
    public bool? DebugDisableLogDropping { get; set; }

    /// <summary>Tests only: the calculation stops after this time; 0s (default) for never.</summary>
    public string? DebugSimulateCalcGraphHangAfter { get; set; }

    /// <summary>Tests only: the data plane stops after this time; 0s (default) for never.</summary>
    public string? DebugSimulateDataplaneHangAfter { get; set; }

    /// <summary>Tests only: every data plane operation takes this much longer; default 0s.</summary>
    public string? DebugSimulateDataplaneApplyDelay { get; set; }

    /// <summary>The address of the debug port; default <c>localhost</c>.</summary>
    public string? DebugHost { get; set; }

    /// <summary>The TCP port for profiles, 0 to 65535; 0 (default) for none. It is not secured.</summary>
    public int? DebugPort { get; set; }

    /// <summary>Windows: <c>Enabled</c> or <c>Disabled</c> (default), whether the firewall is opened for metrics.</summary>
    public string? WindowsManageFirewallRules { get; set; }

    /// <summary>OpenStack: the region this node belongs to.</summary>
    public string? OpenstackRegion { get; set; }

    /// <summary>OpenStack: the server that answers for 169.254.169.254, or <c>none</c>; default 127.0.0.1.</summary>
    public string? MetadataAddr { get; set; }

    /// <summary>OpenStack: its port; default 8775.</summary>
    public int? MetadataPort { get; set; }

    /// <summary>The time between status reports of the process, 0s for none; default 30s.</summary>
    public string? ReportingInterval { get; set; }

    /// <summary>How long such a report is valid; default 90s.</summary>
    public string? ReportingTTL { get; set; }

    /// <summary>OpenStack: whether the state of endpoints is reported; default false.</summary>
    public bool? EndpointReportingEnabled { get; set; }

    /// <summary>OpenStack: the wait before it is reported; default 1s.</summary>
    public string? EndpointReportingDelay { get; set; }

    /// <summary>
    /// The directory for the files that tell the CNI plugin which endpoints are ready, empty for none; default
    /// <c>/var/run/calico</c>.
    /// </summary>
    public string? EndpointStatusPathPrefix { get; set; }

    /// <summary>The time between exports of flow logs; default 300s.</summary>
    public string? FlowLogsFlushInterval { get; set; }

    /// <summary>Whether the collector logs every flow whole; default false.</summary>
    public bool? FlowLogsCollectorDebugTrace { get; set; }

    /// <summary>The server that flow records go to.</summary>
    public string? FlowLogsGoldmaneServer { get; set; }

    /// <summary>
    /// <c>Enabled</c> or <c>Disabled</c> (default): whether flow records are also served on a local socket.
    /// </summary>
    public string? FlowLogsLocalReporter { get; set; }

    /// <summary>
    /// <c>Continuous</c> (default): flows that go on are judged again when policy changes; or <c>None</c>.
    /// </summary>
    public string? FlowLogsPolicyEvaluationMode { get; set; }
}
