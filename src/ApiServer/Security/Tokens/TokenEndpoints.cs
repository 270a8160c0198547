using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>Gives out tokens (<c>kubectl create token</c>), and tells others how to check them (OpenID Connect Discovery 1.0).</summary>
internal static class TokenEndpoints
{
    private const string Keys = "/openid/v1/jwks";

    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder routes, TokenRequests requests, SigningKey key, TokenSettings settings)
    {
        routes.MapPost("/api/v1/namespaces/{space}/serviceaccounts/{name}/token", async http =>
        {
            JsonObject asked = await RequestBody.ObjectAsync(http);
            var account = new ServiceAccountName((string)http.Request.RouteValues["space"]!, (string)http.Request.RouteValues["name"]!);
            await Answers.SendAsync(http, 201, await requests.AnswerAsync(account, asked, http.RequestAborted));
        });
        routes.MapGet("/.well-known/openid-configuration", http => Answers.SendAsync(http, 200, new JsonObject
        {
            ["issuer"] = settings.Issuer,
            ["jwks_uri"] = settings.Issuer.TrimEnd('/') + Keys,
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray(SigningKey.Algorithm),
        }));
        routes.MapGet(Keys, http => Answers.SendAsync(http, 200, new JsonObject { ["keys"] = new JsonArray(key.Document.DeepClone()) }));
        return routes;
    }
}
