using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>The aggregated API server's certificate is renewed in its Secret, as cert-manager does it.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class CertificateTests(Testbed testbed)
{
    private const string Name = "margay-api.margay-system.svc";
    private const int Port = 5443;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart()
    {
        using var renewed = MakeCertificate();
        // One that is on its way out from before would be gone in the end.
        await Until.FineAsync(async () => (await PodsAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _] ? null : "more or less than one pod of the API server");
        string before = await PodsAsync();

        string certificate = InBase64(renewed.ExportCertificatePem()), key = InBase64(renewed.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await testbed.KubectlAsync("-n", "margay-system", "patch", "secret/margay-api-tls", "-p", $$"""{ "data": { "tls.crt": "{{certificate}}", "tls.key": "{{key}}" } }""");
        await testbed.KubectlAsync("patch", "apiservice/v3.projectcalico.org", "--type=merge", "-p", $$"""{ "spec": { "caBundle": "{{certificate}}" } }""");

        // kubelet brings it to the pod when it next looks, within a minute or two.
        string node = before.Split(' ')[0];
        await Until.FineAsync(async () => await ServesAsync(node, renewed) ? null : $"{node} still serves another certificate");
        await testbed.KubectlAsync("wait", "apiservice/v3.projectcalico.org", "--for=condition=Available", "--timeout=300s");
        Assert.Contains("default", await testbed.KubectlAsync("get", "tiers.projectcalico.org", "-o", "name"), StringComparison.Ordinal);
        Assert.Equal(before, await PodsAsync());
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static async Task<bool> ServesAsync(string address, X509Certificate2 certificate)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(address, Port, Stop);
            await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, served, _, _) => certificate.Equals(served));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Name }, Stop);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return false;
        }
    }

    private static string InBase64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Task<string> PodsAsync() => testbed.KubectlAsync(
        "-n", "margay-system", "get", "pods", "-l", "app.kubernetes.io/component=apiserver",
        "-o", "jsonpath={range .items[*]}{.status.hostIP} {.metadata.uid} {.status.containerStatuses[*].restartCount} {end}");
}
