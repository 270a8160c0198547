using Prometheus;

namespace Margay.Controllers.Hosting;

/// <summary>How the controllers are doing.</summary>
internal static class ControllerMetrics
{
    public static readonly Gauge Leader =
        Metrics.CreateGauge("margay_controllers_leader", "1 while this process holds the lease and its controllers work, else 0.");

    public static readonly Counter LeaseFailures =
        Metrics.CreateCounter("margay_controllers_lease_failures_total", "Attempts to renew or take the lease that failed for other reasons than somebody else's holding it.");

    public static readonly Counter Reconciles = Metrics.CreateCounter(
        "margay_controllers_reconciles_total", "Keys worked on, by controller and outcome: done or failed.", "controller", "outcome");

    public static readonly Histogram Duration = Metrics.CreateHistogram(
        "margay_controllers_reconcile_duration_seconds", "Time to work on one key, in seconds.",
        new HistogramConfiguration { LabelNames = ["controller"], Buckets = Histogram.ExponentialBuckets(0.001, 2, 14) });

    public static readonly Gauge QueueLength =
        Metrics.CreateGauge("margay_controllers_queue_length", "Keys that wait to be worked on.", "controller");

    public static readonly Gauge ServicesWithoutAddress = Metrics.CreateGauge(
        "margay_loadbalancer_services_pending", "Services of type LoadBalancer that lack an address they should have.");
}
