using System.Text;
using Margay.ApiServer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Margay.ApiServer.Hosting;

/// <summary>Alive while the process answers; ready while writes are accepted.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, IStorage storage, CancellationToken draining) =>
        routes.MapHealth(() => [("storage", storage.Trouble)], draining);

    public static void MapHealth(this IEndpointRouteBuilder routes, Func<IEnumerable<(string Check, string? Trouble)>> checks, CancellationToken draining)
    {
        routes.MapGet("/livez", http => SendAsync(http, "livez", []));
        foreach (string name in (string[])["readyz", "healthz"])
            routes.MapGet($"/{name}", http => SendAsync(http, name, [.. checks(), ("shutdown", Draining(draining))]));
    }

    private static string? Draining(CancellationToken draining) => draining.IsCancellationRequested ? "the server is stopping" : null;

    private static Task SendAsync(HttpContext http, string name, (string Check, string? Trouble)[] checks)
    {
        bool good = checks.All(c => c.Trouble is null);
        bool detailed = !good || http.Request.Query.ContainsKey("verbose");
        var text = new StringBuilder();
        if (detailed)
        {
            text.Append("[+]ping ok\n");
            foreach (var (check, trouble) in checks)
                text.Append(trouble is null ? $"[+]{check} ok\n" : $"[-]{check} failed: {trouble}\n");
            text.Append(good ? $"{name} check passed\n" : $"{name} check failed\n");
        }
        else
        {
            text.Append("ok");
        }
        http.Response.StatusCode = good ? 200 : 500;
        http.Response.ContentType = "text/plain; charset=utf-8";
        byte[] body = Encoding.UTF8.GetBytes(text.ToString());
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}
