using System.Net;
using System.Net.Sockets;
using System.Text;
using Margay.Controllers.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Margay.Controllers.Hosting;

/// <summary>
/// Plain HTTP for probes and metrics: <c>/liveness</c>, <c>/readiness</c>, <c>/health</c> (the same), <c>/status</c> and
/// <c>/metrics</c>. The host <c>*</c> is every address of both families. It moves when the configuration names another port; a port that is taken is tried again and stops nothing.
/// </summary>
internal sealed class HttpEndpoint(string host, Func<int> port, ControllersHealth health, SettingsSource settings, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);
    private bool _troubled;

    /// <summary>Serves until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var moved = CancellationTokenSource.CreateLinkedTokenSource(stop);
            int at = port();
            using var follows = settings.OnChange(() =>
            {
                if (port() != at) moved.Cancel();
            });
            // It may have changed before anybody listened for that.
            if (port() != at) continue;
            if (at == 0) await Task.Delay(Timeout.InfiniteTimeSpan, time, moved.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else if (!await TryServeAsync(at, moved.Token)) await Task.Delay(Retry, time, moved.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryServeAsync(int at, CancellationToken stop)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, at));
        await using WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(stop);
        }
        catch (Exception cause) when (cause is IOException or SocketException)
        {
            if (!_troubled) logger.CannotListen($"{host}:{at}", cause);
            _troubled = true;
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        _troubled = false;
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Who asks now is not waited for.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        return true;
    }

    private void Listen(KestrelServerOptions kestrel, int at)
    {
        kestrel.AddServerHeader = false;
        if (host == "*") kestrel.ListenAnyIP(at);
        else if (host == "localhost") kestrel.ListenLocalhost(at);
        else foreach (IPAddress address in IPAddress.TryParse(host, out IPAddress? one) ? [one] : Dns.GetHostAddresses(host)) kestrel.Listen(address, at);
    }

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/metrics" => MetricsAsync(http),
        "/liveness" when settings.Current.HealthChecks => WriteAsync(http, 200, "text/plain", "live\n"),
        "/readiness" or "/health" when settings.Current.HealthChecks => ReadinessAsync(http),
        "/status" when settings.Current.HealthChecks => WriteAsync(http, 200, "application/json", health.ToJson()),
        _ => WriteAsync(http, 404, "text/plain", "paths: /liveness /readiness /health /status (healthChecks Enabled) /metrics\n"),
    };

    private Task ReadinessAsync(HttpContext http)
    {
        string? reason = health.NotReadyReason;
        return WriteAsync(http, reason is null ? 200 : 503, "text/plain", (reason ?? "ready") + "\n");
    }

    private static Task MetricsAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return Metrics.DefaultRegistry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    private static Task WriteAsync(HttpContext http, int code, string type, string text)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), http.RequestAborted).AsTask();
    }
}
