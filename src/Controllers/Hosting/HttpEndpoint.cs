using System.Net;
using System.Text;
using Margay.Controllers.Configuration;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Margay.Controllers.Hosting;

/// <summary>
/// Plain HTTP for probes and metrics: <c>/liveness</c>, <c>/readiness</c>, <c>/health</c> (the same), <c>/status</c> and
/// <c>/metrics</c>. It moves when the configuration names another port; a port that is taken is tried again and stops nothing.
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
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://{host}:{at}/");
        // The listener goes by the name that the client used.
        if (host == "localhost") listener.Prefixes.Add($"http://127.0.0.1:{at}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException cause)
        {
            if (!_troubled) logger.CannotListen($"{host}:{at}", cause);
            _troubled = true;
            return false;
        }
        _troubled = false;
        using var registration = stop.Register(listener.Stop);
        while (!stop.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception cause) when (stop.IsCancellationRequested && cause is HttpListenerException or ObjectDisposedException)
            {
                return true;
            }
            await AnswerAsync(context, stop);
        }
        return true;
    }

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken stop)
    {
        try
        {
            using var response = context.Response;
            switch (context.Request.Url?.AbsolutePath)
            {
                case "/metrics":
                    response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                    await Metrics.DefaultRegistry.CollectAndExportAsTextAsync(response.OutputStream, stop);
                    break;
                case "/liveness" when settings.Current.HealthChecks:
                    await WriteAsync(response, 200, "text/plain", "live\n", stop);
                    break;
                case "/readiness" or "/health" when settings.Current.HealthChecks:
                    string? reason = health.NotReadyReason;
                    await WriteAsync(response, reason is null ? 200 : 503, "text/plain", (reason ?? "ready") + "\n", stop);
                    break;
                case "/status" when settings.Current.HealthChecks:
                    await WriteAsync(response, 200, "application/json", health.ToJson(), stop);
                    break;
                default:
                    await WriteAsync(response, 404, "text/plain", "paths: /liveness /readiness /health /status (healthChecks Enabled) /metrics\n", stop);
                    break;
            }
        }
        catch (Exception cause) when (cause is HttpListenerException or IOException or OperationCanceledException)
        {
            logger.ProbeWentAway(cause.Message);
        }
    }

    private static async Task WriteAsync(HttpListenerResponse response, int code, string type, string text, CancellationToken stop)
    {
        response.StatusCode = code;
        response.ContentType = type;
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
    }
}
