using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Margay.ApiServer.Security;

/// <summary>Answers <c>kubectl auth can-i</c> and programs that ask before they act: whoever may ask, may.</summary>
internal static class AccessReviews
{
    private const string Group = "/apis/authorization.k8s.io/v1";

    public static void MapAccessReviews(this IEndpointRouteBuilder routes)
    {
        foreach (string plural in (string[])["selfsubjectaccessreviews", "subjectaccessreviews"])
            routes.MapPost($"{Group}/{plural}", http => AnswerAsync(http, Allowed()));
        routes.MapPost($"{Group}/selfsubjectrulesreviews", http => AnswerAsync(http, Everything()));
    }

    private static async Task AnswerAsync(HttpContext http, JsonObject status)
    {
        JsonObject review = await RequestBody.ObjectAsync(http);
        review["status"] = status;
        await Answers.SendAsync(http, 201, review, AnswerForm.Choose(http.Request.Headers.Accept.ToString()).Yaml);
    }

    private static JsonObject Allowed() => new() { ["allowed"] = true, ["reason"] = "every authenticated user may do everything" };

    private static JsonObject Everything() => new()
    {
        ["resourceRules"] = new JsonArray(new JsonObject
        {
            ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*"),
        }),
        ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
        ["incomplete"] = false,
    };
}
