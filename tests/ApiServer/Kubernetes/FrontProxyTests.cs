using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Security;
using Margay.Model.Datastore.Fake;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class FrontProxyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-proxy-");
    private readonly CertificateAuthority _proxyAuthority;
    private readonly CertificateAuthority _clusterAuthority;

    public FrontProxyTests() => (_proxyAuthority, _clusterAuthority) = (Authority("proxy"), Authority("cluster"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_passing_server_is_believed()
    {
        UserInfo? user = Read(_proxyAuthority.Client("front-proxy-client", []), Headers());
        Assert.Equal("ann", user!.Name);
        Assert.Equal(["devs", "ops"], user.Groups);
        Assert.Equal(["v1", "v2"], user.Extra["example.com/key"]);
        Assert.Equal("7", user.Uid);
    }

    [Fact]
    public void Headers_without_a_certificate_are_not_believed() => Assert.Null(Read(null, Headers()));

    [Fact]
    public void Headers_from_a_user_of_the_cluster_are_not_believed() =>
        Assert.Null(Read(_clusterAuthority.Client("front-proxy-client", ["system:masters"]), Headers()));

    [Fact]
    public void A_certificate_of_the_right_authority_with_another_name_is_not_believed() =>
        Assert.Null(Read(_proxyAuthority.Client("somebody", []), Headers()));

    [Fact]
    public void Any_name_is_believed_where_none_is_listed() =>
        Assert.NotNull(Read(_proxyAuthority.Client("somebody", []), Headers(), allowed: "[]"));

    [Fact]
    public void The_servers_own_certificate_is_no_clients()
    {
        X509Certificate2 server = _proxyAuthority.Server(_folder.CreateSubdirectory("server").FullName, ["front-proxy-client"]);
        Assert.Null(Read(server, Headers()));
    }

    [Fact]
    public void Without_an_authority_nobody_is_believed()
    {
        var settings = FrontProxySettings.Read(new ConfigMap { Data = new() { ["requestheader-username-headers"] = """["X-Remote-User"]""" } });
        Assert.False(FrontProxy.IsProxy(_proxyAuthority.Client("front-proxy-client", []), settings, TimeProvider.System));
    }

    [Fact]
    public void The_passing_server_without_a_user_is_nobody() =>
        Assert.Null(Read(_proxyAuthority.Client("front-proxy-client", []), []));

    [Fact]
    public void A_broken_setting_is_named()
    {
        var broken = Assert.Throws<FormatException>(() => FrontProxySettings.Read(new ConfigMap { Data = new() { ["requestheader-allowed-names"] = "x" } }));
        Assert.Contains("requestheader-allowed-names", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_followed_and_a_broken_one_leaves_the_last_good_in_force()
    {
        var stop = TestContext.Current.CancellationToken;
        var cluster = new InMemoryDatastore();
        ConfigMap map = Map("""["front-proxy-client"]""");
        await cluster.CreateAsync(map, stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var feed = new FrontProxyFeed(cluster, TimeProvider.System, NullLogger.Instance);
        Task running = feed.RunAsync(end.Token);
        await feed.FirstRead.WaitAsync(stop);
        Assert.Equal(["front-proxy-client"], feed.Current.AllowedNames);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task As_long_as_nothing_is_read_it_is_told_why_and_whatever_happens_it_is_tried_again()
    {
        var stop = TestContext.Current.CancellationToken;
        var cluster = new InMemoryDatastore();
        await cluster.CreateAsync(Map("[]"), stop);
        var failures = new Queue<Exception>([new ApiException(403, StatusReason.Forbidden, "not yours"), new InvalidOperationException("a bug")]);
        FrontProxyFeed? feed = null;
        var told = new List<string?>();
        cluster.Intercept = (verb, _, _) =>
        {
            if (verb != "list") return Task.CompletedTask;
            told.Add(feed!.Trouble);
            return failures.TryDequeue(out Exception? failure) ? Task.FromException(failure) : Task.CompletedTask;
        };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        feed = new FrontProxyFeed(cluster, new PromptClock(), NullLogger.Instance);
        Task running = feed.RunAsync(end.Token);
        await feed.FirstRead.WaitAsync(stop);
        const string Of = "ConfigMap kube-system/extension-apiserver-authentication: ";
        Assert.Equal([Of + "not read yet", Of + "not yours", Of + "a bug"], told);
        Assert.Null(feed.Trouble);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private UserInfo? Read(X509Certificate2? certificate, HeaderDictionary headers, string allowed = """["front-proxy-client"]""") =>
        FrontProxySettings.Read(Map(allowed)) is var settings && FrontProxy.IsProxy(certificate, settings, TimeProvider.System) ? FrontProxy.Read(headers, settings) : null;

    private ConfigMap Map(string allowed) => new()
    {
        Metadata = { Namespace = FrontProxySettings.Namespace, Name = FrontProxySettings.Name },
        Data = new()
        {
            ["requestheader-client-ca-file"] = _proxyAuthority.Certificate.ExportCertificatePem(),
            ["requestheader-allowed-names"] = allowed,
            ["requestheader-username-headers"] = """["X-Remote-User"]""",
            ["requestheader-group-headers"] = """["X-Remote-Group"]""",
            ["requestheader-extra-headers-prefix"] = """["X-Remote-Extra-"]""",
            ["requestheader-uid-headers"] = """["X-Remote-Uid"]""",
            ["client-ca-file"] = _clusterAuthority.Certificate.ExportCertificatePem(),
        },
    };

    private static HeaderDictionary Headers() => new()
    {
        ["X-Remote-User"] = "ann",
        ["X-Remote-Group"] = new(["devs", "ops"]),
        ["X-Remote-Uid"] = "7",
        ["X-Remote-Extra-Example.com%2fKey"] = new(["v1", "v2"]),
    };

    private CertificateAuthority Authority(string name) => CertificateAuthority.Open(_folder.CreateSubdirectory(name).FullName, TimeProvider.System);
}
