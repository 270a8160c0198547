using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Knows people as the cluster knows them: from the server that passes requests on, by certificates of the cluster's authority,
/// by tokens that the cluster accepts. Nobody else gets further than health and version.
/// </summary>
internal sealed class DelegatedAuthentication(FrontProxyFeed proxy, TokenReviews tokens, TimeProvider time)
{
    private const string Bearer = "Bearer ";
    private const string Anonymous = "system:anonymous";

    private readonly CertificateMemory<Shown> _shown = new();

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!Authentication.IsOpen(http.Request.Path))
        {
            Shown shown = Certified(http);
            UserInfo user = (shown.IsProxy ? FrontProxy.Read(http.Request.Headers, shown.Settings) : null) ?? shown.User ?? await FromTokenAsync(http)
                ?? throw Failures.Unauthorized("Unauthorized");
            Known(user).Take(http);
        }
        await next(http);
    }

    /// <summary>The passing server names its own users without any group; whoever is known is in the group of all who are.</summary>
    private static UserInfo Known(UserInfo user) =>
        user.Name == Anonymous || user.Groups.Contains(UserInfo.Authenticated) ? user : user with { Groups = [.. user.Groups, UserInfo.Authenticated] };

    /// <summary>What the connection's certificate proves; looked into once a connection, again when the settings have changed, and when it has ended.</summary>
    private Shown Certified(HttpContext http)
    {
        FrontProxySettings settings = proxy.Current;
        return http.Connection.ClientCertificate is { } certificate
            ? _shown.Get(certificate, known => ReferenceEquals(known.Settings, settings) && time.GetUtcNow() <= known.Until, shown => Look(shown, settings))
            : Look(null, settings);
    }

    private Shown Look(X509Certificate2? certificate, FrontProxySettings settings)
    {
        UserInfo? user = certificate is null ? null : new ClientCertificates(settings.ClientAuthorities, time).Read(certificate);
        return new Shown(settings, FrontProxy.IsProxy(certificate, settings, time), user, ClientCertificates.EndOf(certificate));
    }

    private async ValueTask<UserInfo?> FromTokenAsync(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? await tokens.FindAsync(header[Bearer.Length..].Trim(), http.RequestAborted) : null;
    }

    private sealed record Shown(FrontProxySettings Settings, bool IsProxy, UserInfo? User, DateTimeOffset Until);
}
