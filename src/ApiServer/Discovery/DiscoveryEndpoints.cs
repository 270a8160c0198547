using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Margay.ApiServer.Discovery;

/// <summary>Serves <c>/api</c>, <c>/apis</c>, the documents below them, and <c>/version</c>.</summary>
internal static class DiscoveryEndpoints
{
    private const string Json = "application/json";

    /// <summary>Adds the endpoints.</summary>
    public static IEndpointRouteBuilder MapDiscovery(this IEndpointRouteBuilder routes, DiscoveryDocuments documents)
    {
        var version = ServerVersion.Document();
        routes.MapGet("/version", context => Send(context, version, Json));
        routes.MapGet("/api", context => SendRoot(context, documents, "/api", () => DiscoveryDocuments.Core(context.Request.Host.Value ?? "")));
        routes.MapGet("/apis", context => SendRoot(context, documents, "/apis", () => documents.Plain("/apis")));
        foreach (var path in documents.Paths.Where(p => p != "/apis"))
            routes.MapGet(path, context => Send(context, documents.Plain(path), Json));
        return routes;
    }

    private static Task SendRoot(HttpContext context, DiscoveryDocuments documents, string path, Func<byte[]> plain)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return AggregatedForm.Choose(context.Request.Headers.Accept.ToString()) is { } form
            ? Send(context, documents.Aggregated(path, form), form.ContentType)
            : Send(context, plain(), Json);
    }

    private static async Task Send(HttpContext context, byte[] document, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }
}
