using System.Diagnostics;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Storage.Etcd;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace Margay.ApiServer.Hosting;

/// <summary>What dashboards of the Kubernetes API server look at, under its names, and the storage's own numbers.</summary>
internal sealed class ServerMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _requests;
    private readonly Histogram _latency;
    private readonly Gauge _watches;
    private readonly Histogram _commit;
    private readonly Counter _changes;
    private readonly Gauge _revision;
    private readonly Histogram _etcdLatency;
    private readonly Counter _etcdRequests;
    private readonly Counter _etcdErrors;
    private readonly Counter _authentications;
    private readonly Counter _decisions;
    private readonly Counter _audited;
    private readonly Counter _unaudited;

    public ServerMetrics()
    {
        MetricFactory make = Metrics.WithCustomRegistry(_registry);
        _requests = make.CreateCounter("apiserver_request_total", "Requests answered.", "verb", "group", "version", "resource", "code");
        _latency = make.CreateHistogram("apiserver_request_duration_seconds", "Time from a request to its answer; watches are left out.",
            ["verb", "group", "version", "resource"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 15) });
        _watches = make.CreateGauge("apiserver_longrunning_requests", "Watches that are open.", "verb", "group", "version", "resource");
        _commit = make.CreateHistogram("margay_storage_commit_duration_seconds", "Time to make a batch of changes durable.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 2, 15) });
        _changes = make.CreateCounter("margay_storage_changes_total", "Changes made durable.");
        _etcdLatency = make.CreateHistogram("etcd_request_duration_seconds", "Time from a request to etcd to its answer.",
            ["operation", "type"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 15) });
        _etcdRequests = make.CreateCounter("etcd_requests_total", "Requests to etcd.", "operation", "type");
        _etcdErrors = make.CreateCounter("etcd_request_errors_total", "Requests to etcd without an answer.", "operation", "type");
        _revision = make.CreateGauge("margay_storage_revision", "The newest revision.");
        _authentications = make.CreateCounter("authentication_attempts", "Requests that came with credentials, or should have.", "method", "result");
        _decisions = make.CreateCounter("apiserver_authorization_decisions_total", "Requests that the authorizer was asked about.", "decision");
        _audited = make.CreateCounter("apiserver_audit_event_total", "Audit events written.");
        _unaudited = make.CreateCounter("apiserver_audit_error_total", "Audit events that could not be written and are lost.", "plugin");
        _unaudited.WithLabels("log");
    }

    public void Committed(int changes, TimeSpan took)
    {
        _commit.Observe(took.TotalSeconds);
        _changes.Inc(changes);
    }

    public void EtcdAsked(EtcdRequest request)
    {
        _etcdRequests.WithLabels(request.Operation, request.Type).Inc();
        if (request.Failed) _etcdErrors.WithLabels(request.Operation, request.Type).Inc();
        else _etcdLatency.WithLabels(request.Operation, request.Type).Observe(request.Took.TotalSeconds);
    }

    /// <summary>Counts somebody who has shown who they are, or failed to.</summary>
    /// <param name="method">certificate or token.</param>
    /// <param name="known">Whether it has led to a user.</param>
    public void Authenticated(string method, bool known) => _authentications.WithLabels(method, known ? "success" : "failure").Inc();

    /// <summary>Counts a decision about a request.</summary>
    public void Authorized(bool allowed) => _decisions.WithLabels(allowed ? "allowed" : "denied").Inc();

    /// <summary>Counts an audit event.</summary>
    public void Audited(bool written)
    {
        if (written) _audited.Inc();
        else _unaudited.WithLabels("log").Inc();
    }

    public IDisposable Watching(ServedKind kind) =>
        _watches.WithLabels("WATCH", kind.Gvk.Group, kind.Gvk.Version, kind.Plural).TrackInProgress();

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            bool known = RequestPath.TryParse(http.Request.Path.Value ?? "", out RequestPath path);
            bool watch = http.Request.Query.ContainsKey("watch");
            string verb = Verb(http.Request.Method, path, watch);
            // A path that nobody serves must not make a new time series for every word that is tried.
            string resource = known && http.Response.StatusCode != 404 ? path.Resource : "";
            (string group, string version) = resource.Length > 0 ? (path.Group, path.Version) : ("", "");
            _requests.WithLabels(verb, group, version, resource, $"{http.Response.StatusCode}").Inc();
            if (!watch) _latency.WithLabels(verb, group, version, resource).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    public async Task SendAsync(HttpContext http, IStorage storage)
    {
        _revision.Set(storage.CurrentRevision);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    private static string Verb(string method, RequestPath path, bool watch) => method switch
    {
        "GET" or "HEAD" when watch => "WATCH",
        "GET" or "HEAD" => string.IsNullOrEmpty(path.Name) ? "LIST" : "GET",
        "DELETE" when string.IsNullOrEmpty(path.Name) => "DELETECOLLECTION",
        "POST" or "PUT" or "PATCH" or "DELETE" => method,
        _ => "OTHER",
    };
}
