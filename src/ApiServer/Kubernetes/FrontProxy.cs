using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Believes what headers say about the user when, and only when, the connection's certificate is that of the cluster's API
/// server: signed by the front proxy's authority, for clients, with one of the allowed names.
/// </summary>
internal static class FrontProxy
{
    /// <summary>The user whom the passing server names; null when it names nobody. Only for connections of <see cref="IsProxy"/>.</summary>
    public static UserInfo? Read(IHeaderDictionary headers, FrontProxySettings settings)
    {
        string name = settings.UserHeaders.Select(header => headers[header].ToString()).FirstOrDefault(value => value.Length > 0) ?? "";
        if (name.Length == 0) return null;
        return new UserInfo(name, [.. settings.GroupHeaders.SelectMany(header => headers[header]).OfType<string>()])
        {
            Uid = settings.UidHeaders.Select(header => headers[header].ToString()).FirstOrDefault(value => value.Length > 0) ?? "",
            Extra = Extra(headers, settings.ExtraPrefixes),
        };
    }

    /// <summary>Whether a connection's certificate is the passing server's.</summary>
    public static bool IsProxy(X509Certificate2? shown, FrontProxySettings settings, TimeProvider time)
    {
        if (shown is null) return false;
        UserInfo? signed = new ClientCertificates(settings.ProxyAuthorities, time).Read(shown);
        return signed is not null && (settings.AllowedNames.Count == 0 || settings.AllowedNames.Contains(signed.Name));
    }

    // Keys are in lower case and percent-encoded, since names of headers cannot hold everything.
    private static Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers, IReadOnlyList<string> prefixes)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (header, values) in headers)
        {
            if (prefixes.FirstOrDefault(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix)
                extra[Uri.UnescapeDataString(header[prefix.Length..].ToLowerInvariant())] = [.. values.OfType<string>()];
        }
        return extra;
    }
}
