using Margay.ApiServer.Rest;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Security;

/// <summary>
/// Lets in who shows a certificate of our authority or a known token; what they may do is the authorizer's business.
/// Without credentials only health and version are told.
/// </summary>
internal sealed class Authentication(ClientCertificates certificates, TokenFile tokens)
{
    private const string Bearer = "Bearer ";
    private static readonly object UserKey = new();

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (IsOpen(http.Request.Path)) return next(http);
        UserInfo user = FromToken(http) ?? FromCertificate(http) ?? throw Failures.Unauthorized("Unauthorized");
        user.Take(http);
        return next(http);
    }

    private static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/healthz") || path.StartsWithSegments("/livez") || path.StartsWithSegments("/readyz")
        || path.Equals("/version", StringComparison.Ordinal);

    private UserInfo? FromToken(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return null;
        return tokens.Find(header[Bearer.Length..].Trim()) ?? throw Failures.Unauthorized("Unauthorized");
    }

    /// <summary>Checked once a connection.</summary>
    private UserInfo? FromCertificate(HttpContext http)
    {
        IDictionary<object, object?>? items = http.Features.Get<IConnectionItemsFeature>()?.Items;
        if (items is not null && items.TryGetValue(UserKey, out object? known)) return known as UserInfo;
        UserInfo? user = http.Connection.ClientCertificate is { } shown ? certificates.Read(shown) : null;
        if (items is not null) items[UserKey] = user;
        return user;
    }
}
