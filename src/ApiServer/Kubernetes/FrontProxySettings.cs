using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// How the cluster's API server, which passes requests on to us, shows that it is that server, and how it says for whom: the
/// ConfigMap kube-system/extension-apiserver-authentication.
/// </summary>
internal sealed class FrontProxySettings
{
    public const string Namespace = "kube-system";
    public const string Name = "extension-apiserver-authentication";

    /// <summary>The authorities of the passing server's certificate; without one no header counts.</summary>
    public IReadOnlyList<X509Certificate2> ProxyAuthorities { get; private init; } = [];

    /// <summary>The common names it may have; empty for any.</summary>
    public IReadOnlyList<string> AllowedNames { get; private init; } = [];

    /// <summary>The headers with the user's name.</summary>
    public IReadOnlyList<string> UserHeaders { get; private init; } = [];

    /// <summary>The headers with the user's groups.</summary>
    public IReadOnlyList<string> GroupHeaders { get; private init; } = [];

    /// <summary>How headers with more about the user begin.</summary>
    public IReadOnlyList<string> ExtraPrefixes { get; private init; } = [];

    /// <summary>The headers with the user's uid.</summary>
    public IReadOnlyList<string> UidHeaders { get; private init; } = [];

    /// <summary>The authorities of users' own certificates.</summary>
    public IReadOnlyList<X509Certificate2> ClientAuthorities { get; private init; } = [];

    /// <summary>Reads the ConfigMap.</summary>
    /// <exception cref="FormatException">Something in it cannot be read; it says which key.</exception>
    public static FrontProxySettings Read(ConfigMap map) => new()
    {
        ProxyAuthorities = Certificates(map, "requestheader-client-ca-file"),
        AllowedNames = Texts(map, "requestheader-allowed-names"),
        UserHeaders = Texts(map, "requestheader-username-headers"),
        GroupHeaders = Texts(map, "requestheader-group-headers"),
        ExtraPrefixes = Texts(map, "requestheader-extra-headers-prefix"),
        UidHeaders = Texts(map, "requestheader-uid-headers"),
        ClientAuthorities = Certificates(map, "client-ca-file"),
    };

    private static X509Certificate2[] Certificates(ConfigMap map, string key)
    {
        if (map.Data?.GetValueOrDefault(key) is not { Length: > 0 } pem) return [];
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPem(pem);
            return [.. read];
        }
        catch (CryptographicException cause)
        {
            throw new FormatException($"ConfigMap {Namespace}/{Name}: {key}: {cause.Message}", cause);
        }
    }

    private static string[] Texts(ConfigMap map, string key)
    {
        if (map.Data?.GetValueOrDefault(key) is not { Length: > 0 } json) return [];
        try
        {
            return [.. (JsonNode.Parse(json) as JsonArray ?? throw new JsonException("expected a list")).Select(item => item?.ToString() ?? "")];
        }
        catch (JsonException cause)
        {
            throw new FormatException($"ConfigMap {Namespace}/{Name}: {key}: {cause.Message}", cause);
        }
    }
}
