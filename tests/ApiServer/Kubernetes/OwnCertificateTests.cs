using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Security;
using Margay.ApiServer.Tests.Security;
using Margay.Model.Datastore.Kube;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class OwnCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-serving-");
    private readonly HandClock _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_renewed_file_is_shown_without_a_restart()
    {
        Write("one", DateTime.UtcNow.AddMinutes(-2));
        var serving = new OwnCertificate(Options(Path("tls.crt"), Path("tls.key")), _time);
        string first = serving.Current.Thumbprint;
        Write("two", DateTime.UtcNow.AddMinutes(-1));
        Assert.Equal(first, serving.Current.Thumbprint);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotEqual(first, serving.Current.Thumbprint);
    }

    [Fact]
    public void A_renewed_secret_is_shown_although_kubelet_changes_only_the_link_of_its_folder()
    {
        Write("one", DateTime.UtcNow);
        Volume("..first");
        Directory.CreateSymbolicLink(Path("..data"), "..first");
        File.CreateSymbolicLink(Path("tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path("tls.key"), "..data/tls.key");
        var serving = new OwnCertificate(Options(Path("tls.crt"), Path("tls.key")), _time);
        string first = serving.Current.Thumbprint;

        Write("two", DateTime.UtcNow, "renewed.crt", "renewed.key");
        Volume("..second", "renewed.crt", "renewed.key");
        Directory.Delete(Path("..data"));
        Directory.CreateSymbolicLink(Path("..data"), "..second");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotEqual(first, serving.Current.Thumbprint);
    }

    [Fact]
    public void A_half_written_file_leaves_the_old_one_in_use()
    {
        Write("one", DateTime.UtcNow.AddMinutes(-2));
        var serving = new OwnCertificate(Options(Path("tls.crt"), Path("tls.key")), _time);
        string first = serving.Current.Thumbprint;
        File.WriteAllText(Path("tls.crt"), "-----BEGIN CERT");
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(first, serving.Current.Thumbprint);
    }

    [Fact]
    public void Without_files_a_certificate_is_made_for_the_names()
    {
        var serving = new OwnCertificate(Options(null, null, Path("made")), TimeProvider.System);
        Assert.Contains("margay-api.margay-system.svc", PemFiles.NamesOf(serving.Current));
        Assert.True(File.Exists(Path("made/ca.crt")));
    }

    /// <summary>As cert-manager and most authorities sign: not by the root itself.</summary>
    [Fact]
    public async Task Who_knows_the_root_alone_is_shown_the_way_to_it()
    {
        using X509Certificate2 root = TestChain.Make("CN=root", null, authority: true), below = TestChain.Make("CN=below", root, authority: true);
        using X509Certificate2 leaf = TestChain.Make("CN=margay-api", below);
        File.WriteAllText(Path("tls.crt"), leaf.ExportCertificatePem() + "\n" + below.ExportCertificatePem() + "\n");
        File.WriteAllText(Path("tls.key"), PemFiles.KeyPem(leaf));
        var serving = new OwnCertificate(Options(Path("tls.crt"), Path("tls.key")), _time);
        Assert.Equal(below.RawData, Assert.Single(serving.Shown.IntermediateCertificates).RawData);
        Assert.Equal(leaf.RawData, serving.Current.RawData);
        Assert.Same(serving.Shown, serving.Shown);
        await HandshakeAsync(serving, root);
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused() =>
        Assert.Contains("--tls-private-key-file", Assert.Throws<StartException>(() => new OwnCertificate(Options(Path("tls.crt"), null), _time)).Message, StringComparison.Ordinal);

    private static async Task HandshakeAsync(OwnCertificate serving, X509Certificate2 root)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, stop);
        using TcpClient accepted = await listener.AcceptTcpClientAsync(stop);
        await using var server = new SslStream(accepted.GetStream());
        await using var shown = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(root);
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = serving.Shown }, stop),
            shown.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "margay-api", CertificateChainPolicy = policy }, stop));
    }

    /// <summary>A folder as kubelet fills it from a Secret.</summary>
    private void Volume(string name, string certificate = "tls.crt", string key = "tls.key")
    {
        _folder.CreateSubdirectory(name);
        File.Move(Path(certificate), Path($"{name}/tls.crt"));
        File.Move(Path(key), Path($"{name}/tls.key"));
    }

    private void Write(string name, DateTime written, string certificate = "tls.crt", string key = "tls.key")
    {
        X509Certificate2 made = CertificateAuthority.Open(_folder.CreateSubdirectory("ca").FullName, TimeProvider.System).Server(_folder.CreateSubdirectory(name).FullName, [name]);
        File.WriteAllText(Path(certificate), made.ExportCertificatePem());
        File.WriteAllText(Path(key), PemFiles.KeyPem(made));
        File.SetLastWriteTimeUtc(Path(certificate), written);
    }

    private static AggregatedOptions Options(string? certificate, string? key, string? folder = null) => new()
    {
        Cluster = new KubeConnection { Server = new Uri("https://127.0.0.1:1") },
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        CertificateFile = certificate,
        KeyFile = key,
        CertificateDirectory = folder,
        AlternativeNames = ["margay-api.margay-system.svc"],
    };

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
