using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Kubernetes;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Datastore.Kube;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class SharedAuthorityTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("margay-authority-");
    private readonly InMemoryDatastore _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task All_servers_sign_with_the_authority_of_the_first_and_the_registration_tells_it()
    {
        await RegisterAsync("");
        var (first, firstCertificate) = await StartAsync("a");
        var (second, secondCertificate) = await StartAsync("b");
        await Task.WhenAll(first.TellAsync(Stop), second.TellAsync(Stop));
        X509Certificate2 told = await BundleAsync();
        foreach (OwnCertificate certificate in (OwnCertificate[])[firstCertificate, secondCertificate]) Assert.True(IsSigned(certificate.Current, told));
        Assert.NotEqual(firstCertificate.Current.Thumbprint, secondCertificate.Current.Thumbprint);

        // Applied anew from a manifest.
        await RegisterAsync("", anew: false);
        await second.TellAsync(Stop);
        Assert.Equal(told.RawData, (await BundleAsync()).RawData);
        string version = (await ServiceAsync()).Metadata.ResourceVersion!;
        await first.TellAsync(Stop);
        Assert.Equal(version, (await ServiceAsync()).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Who_finds_the_Secret_made_meanwhile_takes_it()
    {
        var late = New("b");
        _cluster.Intercept = async (verb, _, _) =>
        {
            if (verb != "create") return;
            _cluster.Intercept = null;
            await New("a").FetchAsync(Stop);
        };
        await late.FetchAsync(Stop);
        Assert.Equal(await File.ReadAllTextAsync(In("a", "ca.crt"), Stop), await File.ReadAllTextAsync(In("b", "ca.crt"), Stop));
    }

    /// <summary>A server that starts again finds the old one in its folder, too.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_Secret_that_was_deleted_or_emptied_gets_a_new_authority(bool deleted, bool again)
    {
        var (authority, certificate) = await StartAsync("a");
        string old = await File.ReadAllTextAsync(In("a", "ca.crt"), Stop);
        if (deleted)
        {
            await _cluster.DeleteAsync<Secret>("margay-system", "authority", null, Stop);
        }
        else
        {
            var kept = await _cluster.GetAsync<Secret>("margay-system", "authority", Stop);
            kept.Data = null;
            await _cluster.UpdateAsync(kept, Stop);
        }
        await (again ? New("a") : authority).FetchAsync(Stop);
        certificate.Renew();
        var filled = await _cluster.GetAsync<Secret>("margay-system", "authority", Stop);
        string fresh = Encoding.UTF8.GetString(Convert.FromBase64String(filled.Data!["ca.crt"]));
        Assert.NotEqual(old, fresh);
        Assert.True(IsSigned(certificate.Current, X509Certificate2.CreateFromPem(fresh)));
    }

    /// <summary>As the chart makes it: no server may make Secrets.</summary>
    [Fact]
    public async Task An_empty_Secret_is_filled_once()
    {
        await _cluster.CreateAsync(new Secret { Metadata = { Namespace = "margay-system", Name = "authority", Labels = new() { ["app.kubernetes.io/managed-by"] = "Helm" } } }, Stop);
        _cluster.Intercept = (verb, _, _) => verb == "create" ? throw new ApiException(403, StatusReason.Forbidden, "no") : Task.CompletedTask;
        await Task.WhenAll(New("a").FetchAsync(Stop), New("b").FetchAsync(Stop));
        Assert.Equal(await File.ReadAllTextAsync(In("a", "ca.crt"), Stop), await File.ReadAllTextAsync(In("b", "ca.crt"), Stop));
        Assert.Equal("Helm", (await _cluster.GetAsync<Secret>("margay-system", "authority", Stop)).Metadata.Labels!["app.kubernetes.io/managed-by"]);
    }

    [Fact]
    public async Task A_Secret_that_was_replaced_holds()
    {
        var (authority, certificate) = await StartAsync("a");

        await _cluster.DeleteAsync<Secret>("margay-system", "authority", null, Stop);
        await New("other").FetchAsync(Stop);
        await authority.FetchAsync(Stop);
        certificate.Renew();
        Assert.True(IsSigned(certificate.Current, X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(In("other", "ca.crt"), Stop))));
    }

    [Fact]
    public async Task A_Secret_of_something_else_is_not_taken()
    {
        await _cluster.CreateAsync(new Secret { Metadata = { Namespace = "margay-system", Name = "authority" }, Data = new() { ["tls.crt"] = "" } }, Stop);
        var refused = await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(() => New("a").FetchAsync(Stop));
        Assert.Contains("ca.key", refused.Message, StringComparison.Ordinal);
        Assert.Throws<StartException>(() => SharedAuthority.Parse("authority"));
    }

    private async Task<(SharedAuthority Authority, OwnCertificate Certificate)> StartAsync(string folder)
    {
        SharedAuthority authority = New(folder);
        await authority.PrepareAsync(Stop);
        return (authority, new OwnCertificate(Options(folder), TimeProvider.System));
    }

    private SharedAuthority New(string folder) => new(_cluster, Options(folder), TimeProvider.System);

    private AggregatedOptions Options(string folder) => new()
    {
        Cluster = new KubeConnection { Server = new Uri("https://localhost") },
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        CertificateDirectory = In(folder),
        AuthoritySecret = "margay-system/authority",
    };

    private async Task RegisterAsync(string bundle, bool anew = true)
    {
        var service = anew ? new AnyResource { Metadata = { Name = "v3.projectcalico.org" } } : await ServiceAsync();
        var spec = new JsonObject { ["group"] = "projectcalico.org", ["caBundle"] = bundle };
        service.Other = new() { ["spec"] = JsonSerializer.SerializeToElement(spec, ModelJson.Default.JsonObject) };
        if (anew) await _cluster.CreateAsync(SharedAuthority.ApiServices, service, Stop);
        else await _cluster.UpdateAsync(SharedAuthority.ApiServices, service, null, Stop);
    }

    private async Task<AnyResource> ServiceAsync() => (AnyResource)await _cluster.GetAsync(SharedAuthority.ApiServices, null, "v3.projectcalico.org", Stop);

    private async Task<X509Certificate2> BundleAsync()
    {
        AnyResource service = await ServiceAsync();
        Assert.Equal("projectcalico.org", service.Other!["spec"].GetProperty("group").GetString());
        return X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(service.Other["spec"].GetProperty("caBundle").GetBytesFromBase64()));
    }

    private static bool IsSigned(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    private string In(params string[] parts) => Path.Combine([_root.FullName, .. parts]);
}
