using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>Somebody who has shown a token.</summary>
/// <param name="User">Who.</param>
/// <param name="Audiences">For which of the wanted audiences.</param>
internal sealed record TokenBearer(UserInfo User, IReadOnlyList<string> Audiences);

/// <summary>
/// Says who shows a token of a service account. It must be signed by our key with our algorithm, be of our issuer, for an
/// audience that is wanted, in its time; and the account and whatever it is bound to must be there, the same as then.
/// </summary>
internal sealed class TokenVerifier(SigningKey key, TokenSettings settings, TokenObjects objects, TimeProvider time)
{
    /// <summary>No token of ours is longer; whoever sends more is not answered with work.</summary>
    public const int LongestToken = 16 * 1024;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };

    /// <summary>The bearer; null when the token is not good, for whatever reason.</summary>
    /// <param name="token">The token.</param>
    /// <param name="audiences">The audiences of which it must have one; null for this server's.</param>
    /// <param name="stop">Ends with the request.</param>
    public async ValueTask<TokenBearer?> VerifyAsync(string token, IReadOnlyList<string>? audiences, CancellationToken stop)
    {
        if (token.Length > LongestToken) return null;
        IReadOnlyList<string> wanted = audiences is { Count: > 0 } ? audiences : settings.Audiences;
        return await ReadAsync(token, wanted) is { } claims && await IsGoodAsync(claims, stop)
            ? new TokenBearer(UserOf(claims), [.. claims.Audiences.Intersect(wanted, StringComparer.Ordinal)])
            : null;
    }

    private async ValueTask<Claims?> ReadAsync(string token, IReadOnlyList<string> audiences)
    {
        try
        {
            TokenValidationResult result = await _handler.ValidateTokenAsync(token, Parameters(audiences));
            return result.IsValid && result.SecurityToken is JsonWebToken read ? Claims.Read(read) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            // What the library chokes on is not a token of ours.
            return null;
        }
    }

    private TokenValidationParameters Parameters(IReadOnlyList<string> audiences) => new()
    {
        ValidAlgorithms = [SigningKey.Algorithm],
        IssuerSigningKey = key.Public,
        // A token that names another key, or none, is of somebody else.
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        ValidIssuer = settings.Issuer,
        ValidAudiences = audiences,
        RequireAudience = true,
        RequireExpirationTime = true,
        LifetimeValidator = (begin, end, _, _) => begin is { } from && end is { } to && IsNow(from, to),
    };

    // We have signed it ourselves, by the same clock: no allowance.
    private bool IsNow(DateTime from, DateTime to)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return from <= now && now < to;
    }

    private async ValueTask<bool> IsGoodAsync(Claims claims, CancellationToken stop)
    {
        if (claims.Issued > time.GetUtcNow()) return false;
        if (!await objects.IsThereAsync("ServiceAccount", claims.Account.Namespace, claims.Account.Name, claims.Uid, stop)) return false;
        foreach (BoundObject bound in claims.Bound)
        {
            // The node of a pod is told, but the pod is what counts.
            if (bound.Kind == "Node" && claims.Bound.Any(b => b.Kind == "Pod")) continue;
            if (!await objects.IsThereAsync(bound.Kind, claims.Account.Namespace, bound.Name, bound.Uid, stop)) return false;
        }
        return true;
    }

    private static UserInfo UserOf(Claims claims)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>> { ["authentication.kubernetes.io/credential-id"] = [$"JTI={claims.Id}"] };
        foreach (BoundObject bound in claims.Bound.Where(b => b.Kind is "Pod" or "Node"))
        {
            string kind = BoundObject.Claims[bound.Kind];
            extra[$"authentication.kubernetes.io/{kind}-name"] = [bound.Name];
            extra[$"authentication.kubernetes.io/{kind}-uid"] = [bound.Uid];
        }
        return new UserInfo(claims.Account.ToString(), [.. claims.Account.Groups, UserInfo.Authenticated]) { Uid = claims.Uid, Extra = extra };
    }

    private sealed record Claims(
        ServiceAccountName Account, string Uid, string Id, DateTimeOffset Issued, IReadOnlyList<string> Audiences, IReadOnlyList<BoundObject> Bound)
    {
        /// <summary>What a verified token says; null when it does not say what ours do.</summary>
        public static Claims? Read(JsonWebToken token)
        {
            // Who must understand an extension that we do not know must refuse (RFC 7515, 4.1.11).
            if (token.TryGetHeaderValue<object>("crit", out _)) return null;
            var all = DocumentParser.Parse(Encoding.UTF8.GetBytes(Base64UrlEncoder.Decode(token.EncodedPayload))) as JsonObject;
            if (all.Child(TokenIssuer.ObjectClaim) is not { } about || about.Child("serviceaccount") is not { } account) return null;
            var name = new ServiceAccountName(about.Text("namespace"), account.Text("name"));
            if (name.ToString() != token.Subject || ServiceAccountName.Parse(token.Subject) is null || account.Text("uid").Length == 0) return null;
            if (all.Whole("iat") is not { } issued || issued is < 0 or > 253_402_300_799) return null;
            // Nothing that we have signed lasts longer.
            if (all.Whole("exp") is not { } end || end - issued > TokenSettings.Longest.TotalSeconds) return null;
            return new Claims(name, account.Text("uid"), token.Id, DateTimeOffset.FromUnixTimeSeconds(issued), [.. token.Audiences],
                [.. BoundObject.Claims.Keys.Select(kind => BoundObject.Read(about, kind)).OfType<BoundObject>()]);
        }
    }
}
