using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Margay.ApiServer.OpenApi;

/// <summary>Serves <c>/openapi/v2</c> and <c>/openapi/v3</c>.</summary>
internal static class OpenApiEndpoints
{
    /// <summary>OpenAPI 2 as protobuf, as clients ask for it.</summary>
    public const string V2Protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>The same as it is written in the answer: a semicolon form that Go's parser of media types accepts.</summary>
    private const string V2ProtobufAnswer = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>Adds the endpoints.</summary>
    public static IEndpointRouteBuilder MapOpenApi(this IEndpointRouteBuilder routes, OpenApiDocuments documents)
    {
        routes.MapGet("/openapi/v2", context => SendV2(context, documents));
        routes.MapGet("/openapi/v3", context => Send(context, documents.V3Index, "application/json"));
        routes.MapGet("/openapi/v3/{**group}", context => SendV3(context, documents));
        return routes;
    }

    private static Task SendV2(HttpContext context, OpenApiDocuments documents)
    {
        var accept = context.Request.Headers.Accept.ToString();
        return Accepts(accept, "spec.v2@v1.0+protobuf") || Accepts(accept, "spec.v2.v1.0+protobuf")
            ? Send(context, documents.V2Protobuf, V2ProtobufAnswer)
            : Send(context, documents.V2Json, "application/json");
    }

    private static async Task SendV3(HttpContext context, OpenApiDocuments documents)
    {
        if (documents.V3((string)context.Request.RouteValues["group"]!) is not { } document)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var asked = context.Request.Query["hash"].ToString();
        if (asked.Length > 0 && asked != document.Hash)
        {
            context.Response.Redirect($"{context.Request.Path}?hash={document.Hash}", permanent: true);
            return;
        }

        if (asked.Length > 0)
        {
            // Named by its content, so it never changes under this address.
            context.Response.Headers.CacheControl = "public, immutable";
            context.Response.Headers.Expires = TimeProvider.System.GetUtcNow().AddYears(1).ToString("R");
        }

        await Send(context, document, "application/json");
    }

    private static async Task Send(HttpContext context, OpenApiDocuments.Document document, string contentType)
    {
        var tag = $"\"{document.Hash}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = HeaderNames.Accept;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = document.Bytes.Length;
        await context.Response.Body.WriteAsync(document.Bytes, context.RequestAborted);
    }

    private static bool Accepts(string accept, string type) => accept.Contains(type, StringComparison.OrdinalIgnoreCase);
}
