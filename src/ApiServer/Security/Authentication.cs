using Margay.ApiServer.Rest;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Security;

/// <summary>
/// Lets in who shows a certificate of our authority or a known token; what they may do is the authorizer's business.
/// Without credentials only health and version are told.
/// Headers that say who somebody is (<c>X-Remote-User</c>) are not looked at: this server stands behind no proxy.
/// </summary>
/// <param name="certificates">Reads certificates.</param>
/// <param name="tokens">Knows tokens.</param>
/// <param name="time">The clock.</param>
/// <param name="counted">Is told the method and whether it has led to a user.</param>
internal sealed class Authentication(ClientCertificates certificates, BearerTokens? tokens, TimeProvider time, Action<string, bool> counted)
{
    private const string Bearer = "Bearer ";

    private readonly CertificateMemory<Shown> _shown = new();

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsOpen(http.Request.Path)) (await UserOfAsync(http)).Take(http);
        await next(http);
    }

    private async ValueTask<UserInfo> UserOfAsync(HttpContext http)
    {
        // A token that is shown counts, also beside a certificate: a wrong one must not pass for none.
        string? token = TokenOf(http);
        string method = token is null ? "certificate" : "token";
        UserInfo? user = token is null ? FromCertificate(http) : tokens is null ? null : (await tokens.FindAsync(token, null, http.RequestAborted))?.User;
        counted(method, user is not null);
        return user ?? throw Failures.Unauthorized("Unauthorized");
    }

    /// <summary>What is told to anybody.</summary>
    public static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/healthz") || path.StartsWithSegments("/livez") || path.StartsWithSegments("/readyz")
        || path.Equals("/version", StringComparison.Ordinal);

    private static string? TokenOf(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    /// <summary>Checked once a connection, and again when the certificate has ended: a connection may live longer.</summary>
    private UserInfo? FromCertificate(HttpContext http) => http.Connection.ClientCertificate is { } certificate
        ? _shown.Get(certificate, known => time.GetUtcNow() <= known.Until, shown => new Shown(certificates.Read(shown), ClientCertificates.EndOf(shown))).User
        : null;

    private sealed record Shown(UserInfo? User, DateTimeOffset Until);
}
