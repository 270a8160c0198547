using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Security;
using Margay.ApiServer.Tests.Kubernetes;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Security;

/// <summary>A connection that lives longer than the certificate it began with.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-connection-");
    private readonly HandClock _time = new();
    private readonly CertificateAuthority _authority;

    public ConnectionTests() => _authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nobody_is_known_by_a_certificate_that_has_ended()
    {
        var authentication = new Authentication(new ClientCertificates([_authority.Certificate], _time), null, _time, (_, _) => { });
        await EndsAsync(authentication.InvokeAsync, []);
    }

    [Fact]
    public async Task Behind_a_cluster_too()
    {
        DelegatedAuthentication authentication = await DelegatedAsync("client-ca-file");
        await EndsAsync(authentication.InvokeAsync, []);
    }

    [Fact]
    public async Task Nor_is_the_passing_server_believed()
    {
        DelegatedAuthentication authentication = await DelegatedAsync("requestheader-client-ca-file");
        await EndsAsync(authentication.InvokeAsync, new HeaderDictionary { ["X-Remote-User"] = "ann" });
    }

    private async Task EndsAsync(Func<HttpContext, RequestDelegate, Task> invoke, HeaderDictionary headers)
    {
        X509Certificate2 shown = _authority.Client("ann", []);
        Assert.Equal("ann", await AskAsync(invoke, shown, headers));
        _time.Advance(TimeSpan.FromDays(364));
        Assert.Equal("ann", await AskAsync(invoke, shown, headers));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(401, (await Assert.ThrowsAsync<Margay.ApiServer.Rest.ApiException>(() => AskAsync(invoke, shown, headers))).Code);
    }

    private static async Task<string> AskAsync(Func<HttpContext, RequestDelegate, Task> invoke, X509Certificate2 shown, HeaderDictionary headers)
    {
        var http = new DefaultHttpContext { Connection = { ClientCertificate = shown }, Request = { Path = "/apis" } };
        foreach (var (name, value) in headers) http.Request.Headers[name] = value;
        string user = "";
        await invoke(http, asked =>
        {
            user = UserInfo.Of(asked)!.Name;
            return Task.CompletedTask;
        });
        return user;
    }

    private async Task<DelegatedAuthentication> DelegatedAsync(string authority)
    {
        var cluster = new InMemoryDatastore();
        await cluster.CreateAsync(new ConfigMap
        {
            Metadata = { Namespace = FrontProxySettings.Namespace, Name = FrontProxySettings.Name },
            Data = new() { [authority] = _authority.Certificate.ExportCertificatePem(), ["requestheader-username-headers"] = """["X-Remote-User"]""" },
        }, Stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var feed = new FrontProxyFeed(cluster, TimeProvider.System, NullLogger.Instance);
        Task running = feed.RunAsync(end.Token);
        await feed.FirstRead.WaitAsync(Stop);
        await end.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new DelegatedAuthentication(feed, new TokenReviews(cluster, _time), _time);
    }
}
