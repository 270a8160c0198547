using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>Makes tokens of service accounts, with the claims that Kubernetes puts in (RFC 7519, and <c>kubernetes.io</c>).</summary>
internal sealed class TokenIssuer(SigningKey key, TokenSettings settings, TimeProvider time)
{
    /// <summary>The claim that says which objects a token is about.</summary>
    public const string ObjectClaim = "kubernetes.io";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Signs a token.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="uid">The account's uid.</param>
    /// <param name="bound">What it ends with, besides the account.</param>
    /// <param name="audiences">For whom.</param>
    /// <param name="life">For how long.</param>
    public (string Token, DateTimeOffset Ends) Issue(
        ServiceAccountName account, string uid, IReadOnlyList<BoundObject> bound, IReadOnlyList<string> audiences, TimeSpan life)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds(), end = now + (long)life.TotalSeconds;
        var about = new JsonObject { ["namespace"] = account.Namespace, ["serviceaccount"] = new JsonObject { ["name"] = account.Name, ["uid"] = uid } };
        foreach (BoundObject item in bound) about[BoundObject.Claims[item.Kind]] = item.Claim();
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
            ["exp"] = end, ["iat"] = now, ["nbf"] = now, ["iss"] = settings.Issuer, ["jti"] = Guid.NewGuid().ToString(),
            ["sub"] = account.ToString(), [ObjectClaim] = about,
        };
        string token = _handler.CreateToken(claims.ToJsonString(), new SigningCredentials(key.Private, SigningKey.Algorithm));
        return (token, DateTimeOffset.FromUnixTimeSeconds(end));
    }
}
