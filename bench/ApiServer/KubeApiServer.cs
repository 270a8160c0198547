using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Margay.Bench.ApiServer;

/// <summary>Kubernetes' own API server on the same etcd, with one user who may do everything.</summary>
internal sealed class KubeApiServer(Running process, HttpClient http) : IDisposable
{
    public const string Path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";

    /// <summary>Beside what is listed.</summary>
    public const string WarmPath = "/apis/networking.k8s.io/v1/namespaces/kube-system/networkpolicies";

    public HttpClient Http => http;

    public static async Task<KubeApiServer> StartAsync(string program, string folder, string etcd)
    {
        string File(string name) => System.IO.Path.Combine(folder, name);
        using (RSA key = RSA.Create(2048))
        {
            // Service accounts need a key; clients here use a token.
            await System.IO.File.WriteAllTextAsync(File("sa.key"), key.ExportRSAPrivateKeyPem());
            await System.IO.File.WriteAllTextAsync(File("sa.pub"), key.ExportSubjectPublicKeyInfoPem());
            var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
            await System.IO.File.WriteAllTextAsync(File("kube.crt"), certificate.ExportCertificatePem());
        }
        await System.IO.File.WriteAllTextAsync(File("tokens"), "bench,bench,bench,\"system:masters\"\n");
        int port = Running.FreePort();
        Running process = await Running.StartAsync(program, false, "--etcd-servers", etcd, "--etcd-prefix", "/kube", "--secure-port", $"{port}", "--bind-address", "127.0.0.1", "--advertise-address", "10.0.0.1",
            "--tls-cert-file", File("kube.crt"), "--tls-private-key-file", File("sa.key"), "--token-auth-file", File("tokens"), "--authorization-mode", "RBAC",
            "--service-account-issuer", "https://bench", "--service-account-signing-key-file", File("sa.key"), "--service-account-key-file", File("sa.pub"),
            "--service-cluster-ip-range", "10.96.0.0/16", "--disable-admission-plugins", "ServiceAccount", "--max-requests-inflight", "0", "--max-mutating-requests-inflight", "0",
            "--enable-priority-and-fairness=false");
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        // Made for this run, on loopback.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "bench");
        for (int attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using HttpResponseMessage ready = await http.GetAsync("/api/v1/namespaces/default");
                if (ready.IsSuccessStatusCode) return new KubeApiServer(process, http);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(200);
        }
        process.Dispose();
        throw new InvalidOperationException("kube-apiserver does not serve");
    }

    public void Dispose()
    {
        http.Dispose();
        process.Dispose();
    }
}
