using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Margay.Model.Datastore.Kube;

/// <summary>How to reach an API server and who we are there.</summary>
public sealed record KubeConnection
{
    /// <summary>The server's address, <c>https://HOST:PORT</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The certificates (PEM) that the server's must come from; null for those of the system.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Whether the server's certificate is not checked at all.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The name the server's certificate must have, when it is not the host's.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Our certificate (PEM), or null.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>Its private key (PEM).</summary>
    public string? ClientKey { get; init; }

    /// <summary>Our token, or null.</summary>
    public string? Token { get; init; }

    /// <summary>The file with our token, read again every minute since Kubernetes renews it; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Our name for HTTP's basic authentication, or null.</summary>
    public string? Username { get; init; }

    /// <summary>The password that goes with it.</summary>
    public string? Password { get; init; }

    /// <summary>The namespace that is meant when none is named.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>
    /// Makes a client for the server. It has no time limit of its own, since a watch has none; HTTP/2 is used where TLS
    /// offers it, with pings that find dead connections.
    /// </summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate or key is broken.</exception>
    public HttpClient CreateHttpClient()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            SslOptions = TlsOptions(),
        };
        return new HttpClient(new CredentialHandler(this, handler))
        {
            BaseAddress = Server,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    private SslClientAuthenticationOptions TlsOptions()
    {
        var options = new SslClientAuthenticationOptions { TargetHost = TlsServerName };
        if (ClientCertificate is not null)
        {
            var certificate = X509Certificate2.CreateFromPem(ClientCertificate, ClientKey ?? ClientCertificate);
            options.ClientCertificates = [certificate];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        if (SkipTlsVerify)
        {
            // The user's explicit wish: insecure-skip-tls-verify.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (CertificateAuthority is not null)
        {
            // Only these authorities count, and none of the system's.
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPem(CertificateAuthority);
            options.CertificateChainPolicy = policy;
        }

        return options;
    }

    /// <summary>Adds our credentials to each request.</summary>
    private sealed class CredentialHandler(KubeConnection connection, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly Lock _lock = new();
        private string? _token;
        private long _readAt = long.MinValue;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = Credentials();
            return base.SendAsync(request, cancellationToken);
        }

        private AuthenticationHeaderValue? Credentials()
        {
            if (connection.TokenFile is not null)
                return new AuthenticationHeaderValue("Bearer", TokenOfFile(connection.TokenFile));
            if (connection.Token is not null)
                return new AuthenticationHeaderValue("Bearer", connection.Token);
            return connection.Username is null
                ? null
                : new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(connection.Username + ":" + connection.Password)));
        }

        private string TokenOfFile(string file)
        {
            lock (_lock)
            {
                if (_token is null || Environment.TickCount64 - _readAt > 60_000)
                {
                    _token = File.ReadAllText(file).Trim();
                    _readAt = Environment.TickCount64;
                }

                return _token;
            }
        }
    }
}
