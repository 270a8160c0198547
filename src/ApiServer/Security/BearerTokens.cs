using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security.Tokens;

namespace Margay.ApiServer.Security;

/// <summary>Knows whom a bearer token stands for: the static ones of a file, and those of service accounts.</summary>
internal sealed class BearerTokens(TokenFile file, TokenVerifier accounts, TokenSettings settings)
{
    /// <summary>The bearer; null when nobody has such a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="audiences">The audiences of which it must have one; null for this server's.</param>
    /// <param name="stop">Ends with the request.</param>
    public async ValueTask<TokenBearer?> FindAsync(string token, IReadOnlyList<string>? audiences, CancellationToken stop)
    {
        if (file.Find(token) is not { } user) return await accounts.VerifyAsync(token, audiences, stop);
        // A static token is for this server, and for nobody else.
        IReadOnlyList<string> good = audiences is { Count: > 0 } ? [.. settings.Audiences.Intersect(audiences, StringComparer.Ordinal)] : settings.Audiences;
        return good.Count == 0 ? null : new TokenBearer(user, good);
    }

    /// <summary>The status of a TokenReview (authentication.k8s.io/v1).</summary>
    public async ValueTask<JsonObject> ReviewAsync(JsonObject spec, CancellationToken stop)
    {
        string token = spec.Text("token");
        if (token.Length == 0) throw Failures.BadRequest("spec.token: Required value: a token to review");
        if (await FindAsync(token, spec.Texts("audiences"), stop) is not { } bearer)
            return new JsonObject { ["authenticated"] = false, ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
        return new JsonObject
        {
            ["authenticated"] = true, ["user"] = bearer.User.Describe(), ["audiences"] = new JsonArray([.. bearer.Audiences.Select(a => (JsonNode)a)]),
        };
    }
}
