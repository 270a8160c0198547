using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Margay.Node.Health;

/// <summary>
/// Plain HTTP for probes and metrics: <c>/liveness</c>, <c>/readiness</c> (200 or 503 with the reason),
/// <c>/status</c> (JSON) and <c>/metrics</c> (Prometheus text).
/// </summary>
internal sealed class HealthServer(string host, int port, NodeHealth health, ILogger logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // HttpListener refuses 0.0.0.0, and knows no addresses of IPv6.
    private static readonly string[] _everywhere = ["*", "0.0.0.0"];

    /// <summary>Where it listens, as the listener wants it said.</summary>
    /// <exception cref="ArgumentException">It cannot listen there.</exception>
    internal static IReadOnlyList<string> PrefixesOf(string host, int port)
    {
        if (_everywhere.Contains(host)) return [$"http://*:{port}/"];
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            throw new ArgumentException($"health host {host}: health and metrics are served at names and addresses of IPv4; '*' is all of them");
        // The listener goes by the name that the client used.
        return host == "localhost" ? [$"http://localhost:{port}/", $"http://127.0.0.1:{port}/"] : [$"http://{host}:{port}/"];
    }

    /// <summary>Serves until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var listener = new HttpListener();
        foreach (string prefix in PrefixesOf(host, port)) listener.Prefixes.Add(prefix);
        listener.Start();
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
                return;
            }
            // Each by itself: one who does not read must not hold up the probes of the others.
            _ = AnswerAsync(context, stop);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, CancellationToken serving)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(serving);
        limit.CancelAfter(_patience);
        var stop = limit.Token;
        try
        {
            using var response = context.Response;
            switch (context.Request.Url?.AbsolutePath)
            {
                case "/metrics":
                    response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                    await Metrics.DefaultRegistry.CollectAndExportAsTextAsync(response.OutputStream, stop);
                    break;
                case "/liveness":
                    await WriteAsync(response, 200, "text/plain", "live\n", stop);
                    break;
                case "/readiness":
                    string? reason = health.NotReadyReason;
                    await WriteAsync(response, reason is null ? 200 : 503, "text/plain", (reason ?? "ready") + "\n", stop);
                    break;
                case "/status":
                    await WriteAsync(response, 200, "application/json", health.ToJson(), stop);
                    break;
                default:
                    await WriteAsync(response, 404, "text/plain", "paths: /liveness /readiness /status /metrics\n", stop);
                    break;
            }
        }
        catch (Exception cause)
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
