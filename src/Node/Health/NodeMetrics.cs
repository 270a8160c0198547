using Prometheus;

namespace Margay.Node.Health;

/// <summary>The node's metrics. Names are those of the dashboards that people already have.</summary>
internal static class NodeMetrics
{
    public static readonly Gauge ActiveLocalEndpoints =
        Metrics.CreateGauge("felix_active_local_endpoints", "Number of active endpoints on this host.");

    public static readonly Counter CalcGraphUpdates =
        Metrics.CreateCounter("felix_calc_graph_updates_processed", "Number of resource updates taken by the calculation graph.");

    public static readonly Counter CalcGraphOutput =
        Metrics.CreateCounter("felix_calc_graph_output_events", "Number of records sent from the calculation graph to the data plane.");

    public static readonly Summary ApplyTime = Metrics.CreateSummary(
        "felix_int_dataplane_apply_time_seconds", "Time to apply a batch to the kernel, in seconds.",
        new SummaryConfiguration { Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)] });

    public static readonly Counter ApplyFailures =
        Metrics.CreateCounter("felix_int_dataplane_failures", "Number of times the kernel refused a batch; it is tried again.");

    public static readonly Counter ConnectionsCut = Metrics.CreateCounter(
        "margay_connections_cut_total", "Established connections ended because a policy change forbids them.");

    public static readonly Gauge RoutesRefused = Metrics.CreateGauge(
        "margay_routes_refused", "Routes that the kernel refused; they are tried again.");

    public static readonly Gauge HostEndpointsNotEnforced = Metrics.CreateGauge(
        "margay_host_endpoints_not_enforced", "Host endpoints of this node that no data plane programs: their interfaces stay open.");

    public static readonly Histogram CniRequests = Metrics.CreateHistogram(
        "margay_cni_request_duration_seconds", "Time to answer a CNI request, in seconds.",
        new HistogramConfiguration { LabelNames = ["verb", "outcome"], Buckets = Histogram.ExponentialBuckets(0.0005, 2, 14) });

    private static readonly Histogram _cniSteps = Metrics.CreateHistogram(
        "margay_cni_add_step_duration_seconds", "Time of one step of attaching a pod, in seconds.",
        new HistogramConfiguration { LabelNames = ["step"], Buckets = Histogram.ExponentialBuckets(0.0001, 2, 14) });

    /// <summary>Measures a step of attaching a pod until it is disposed: address, policy, interface or route.</summary>
    public static Prometheus.ITimer CniStep(string step) => _cniSteps.WithLabels(step).NewTimer();

    public static readonly Gauge ResyncState =
        Metrics.CreateGauge("felix_resync_state", "State of the datastore: 1 waiting, 2 resync, 3 in sync.");
}
