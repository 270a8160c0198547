using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Margay.ApiServer.Relay;

/// <summary>Numbers under Typha's names where they mean the same, so that its dashboards and alerts go on.</summary>
internal sealed class RelayMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _accepted;
    private readonly Gauge _active;
    private readonly Gauge _streaming;
    private readonly Counter _dropped;
    private readonly Gauge _cacheSize;
    private readonly Counter _updates;
    private readonly Gauge _version;
    private readonly Counter _lists;

    public RelayMetrics()
    {
        MetricFactory make = Metrics.WithCustomRegistry(_registry);
        _accepted = make.CreateCounter("typha_connections_accepted", "Connections that clients made.");
        _active = make.CreateGauge("typha_connections_active", "Connections that are open.");
        _streaming = make.CreateGauge("typha_connections_streaming", "Watches that are open.");
        _dropped = make.CreateCounter("typha_connections_dropped", "Watches that were ended because the client was too slow.");
        _cacheSize = make.CreateGauge("typha_cache_size", "Objects in memory.");
        _updates = make.CreateCounter("typha_updates_total", "Changes that came from the API server.");
        _version = make.CreateGauge("margay_relay_version", "The newest version that is known.", "resource");
        _lists = make.CreateCounter("margay_relay_lists_total", "How often everything was read from the API server.", "resource");
    }

    public IDisposable Watching(ServedKind kind) => _streaming.TrackInProgress();

    public void Dropped() => _dropped.Inc();

    public void Listed(KindCache cache) => _lists.WithLabels(Name(cache)).Inc();

    public void Changed(KindCache cache, int changes)
    {
        _updates.Inc(changes);
        _version.WithLabels(Name(cache)).Set(cache.CurrentRevision);
    }

    /// <summary>Counts a connection while it is open.</summary>
    public async Task ConnectedAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        _accepted.Inc();
        using (_active.TrackInProgress()) await next(connection);
    }

    public async Task SendAsync(HttpContext http, IReadOnlyCollection<KindCache> caches)
    {
        _cacheSize.Set(caches.Sum(c => (double)c.State.Current.Count));
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    private static string Name(KindCache cache) =>
        cache.Kind.Gvk.Group.Length == 0 ? cache.Kind.Plural : $"{cache.Kind.Plural}.{cache.Kind.Gvk.Group}";
}
