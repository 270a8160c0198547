using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Margay.ApiServer.Reviews;

/// <summary>
/// Answers <c>kubectl auth can-i</c> and <c>kubectl auth whoami</c>. Whoever reaches these endpoints has a certificate of this cluster,
/// and every such client may do everything; so says the answer.
/// </summary>
internal static class ReviewEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static IEndpointRouteBuilder MapReviews(this IEndpointRouteBuilder routes)
    {
        Map(routes, ReviewKinds.Access, _ => new() { ["allowed"] = true, ["reason"] = "clients with a certificate of this cluster may do everything" });
        Map(routes, ReviewKinds.Rules, _ => new()
        {
            ["resourceRules"] = new JsonArray(new JsonObject { ["verbs"] = Any(), ["apiGroups"] = Any(), ["resources"] = Any() }),
            ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = Any(), ["nonResourceURLs"] = Any() }),
            ["incomplete"] = false,
        });
        Map(routes, ReviewKinds.Identity, user => new() { ["userInfo"] = Describe(user) });
        return routes;
    }

    private static void Map(IEndpointRouteBuilder routes, ServedKind kind, Func<ClaimsPrincipal, JsonObject> answer) =>
        routes.MapPost($"{kind.GroupPath}/{kind.Plural}", context => AnswerAsync(context, kind, answer));

    private static async Task AnswerAsync(HttpContext context, ServedKind kind, Func<ClaimsPrincipal, JsonObject> answer)
    {
        var question = await ReadAsync(context);
        var review = new JsonObject
        {
            ["kind"] = kind.Gvk.Kind,
            ["apiVersion"] = kind.Gvk.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
        };
        if (question?["spec"] is { } spec)
            review["spec"] = spec.DeepClone();
        review["status"] = answer(context.User);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(review), context.RequestAborted);
    }

    // The answer depends on nothing in the question, so an unreadable one is answered like an empty one.
    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Describe(ClaimsPrincipal user) => new()
    {
        ["username"] = user.Identity?.Name ?? "system:anonymous",
        ["groups"] = new JsonArray([.. user.FindAll(ClaimTypes.Role).Select(claim => (JsonNode)claim.Value)]),
    };

    private static JsonArray Any() => ["*"];
}
