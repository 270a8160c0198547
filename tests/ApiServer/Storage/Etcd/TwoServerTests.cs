using System.Net;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage.Etcd;

namespace Margay.ApiServer.Tests.Storage.Etcd;

/// <summary>Two whole API servers on one etcd: what one has answered counts at the other with the next request.</summary>
public sealed class TwoServerTests : IAsyncLifetime
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Collection = "/api/v1/namespaces/default/configmaps";

    private readonly EtcdMember _etcd = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-two-");
    private readonly List<ApiServerHost> _hosts = [];

    private string Pki => Path.Combine(_folder.FullName, "0", "pki");

    public async ValueTask InitializeAsync()
    {
        _etcd.Start();
        for (int i = 0; i < 2; i++)
        {
            string data = Path.Combine(_folder.FullName, $"{i}");
            if (i > 0)
            {
                Directory.CreateDirectory(Path.Combine(data, "pki"));
                foreach (string file in (string[])["ca.crt", "ca.key"]) File.Copy(Path.Combine(Pki, file), Path.Combine(data, "pki", file));
            }
            _hosts.Add(await ApiServerHost.StartAsync(new ApiServerOptions
            {
                DataDirectory = data, Listen = [new IPEndPoint(IPAddress.Loopback, 0)], DrainTimeout = TimeSpan.FromSeconds(2),
                Etcd = new EtcdOptions { Servers = [_etcd.Address] },
            }, TestContext.Current.CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ApiServerHost host in _hosts) await host.DisposeAsync();
        _etcd.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_right_that_was_taken_at_one_server_is_gone_at_the_other_with_the_next_request()
    {
        using ApiClient first = ApiClient.FromFolder(_hosts[0].Address, Pki);
        using var second = new ApiClient(_hosts[1].Address, Path.Combine(Pki, "ca.crt"), CertificateAuthority.Open(Pki, TimeProvider.System).Client("reader", []));
        (await first.PostAsync($"{Rbac}/clusterroles", """{"metadata":{"name":"reads"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["list"]}]}""")).Expect(201);
        for (int i = 0; i < 20; i++)
        {
            (await second.GetAsync(Collection)).Expect(403);
            (await first.PostAsync($"{Rbac}/clusterrolebindings", """
                {"metadata":{"name":"reads"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"reads"},
                 "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"reader"}]}
                """)).Expect(201);
            (await second.GetAsync(Collection)).Expect(200);
            (await first.DeleteAsync($"{Rbac}/clusterrolebindings/reads")).Expect(200);
        }
    }

    [Fact]
    public async Task What_was_written_at_one_server_is_read_listed_and_updated_at_the_other()
    {
        using ApiClient first = ApiClient.FromFolder(_hosts[0].Address, Pki), second = ApiClient.FromFolder(_hosts[1].Address, Pki);
        string version = (await first.PostAsync(Collection, """{"metadata":{"name":"one"},"data":{"n":"0"}}""")).Expect(201).Version;
        for (int i = 1; i <= 40; i++)
        {
            (ApiClient writes, ApiClient reads) = i % 2 == 0 ? (first, second) : (second, first);
            version = (await writes.PutAsync($"{Collection}/one", $$$"""{"metadata":{"name":"one","resourceVersion":"{{{version}}}"},"data":{"n":"{{{i}}}"}}""")).Expect(200).Version;
            Assert.Equal($"{i}", (string)(await reads.GetAsync($"{Collection}/one")).Expect(200).Json["data"]!["n"]!);
            Assert.Equal($"{i}", (string)(await reads.GetAsync(Collection)).Expect(200).Json["items"]!.AsArray()[^1]!["data"]!["n"]!);
        }
        string metrics = (await first.GetAsync("/metrics")).Text;
        Assert.Contains("etcd_request_duration_seconds_count{operation=\"update\",type=\"configmaps\"}", metrics, StringComparison.Ordinal);
    }
}
