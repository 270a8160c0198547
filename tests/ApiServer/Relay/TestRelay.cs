using System.Net;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Relay;
using Margay.ApiServer.Security;
using Margay.Model.Datastore.Kube;

namespace Margay.ApiServer.Tests.Relay;

/// <summary>A real relay on loopback in front of a server, with credentials of the server's authority.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly string _pki;
    private readonly RelayHost _host;

    private TestRelay(string pki, RelayHost host, DirectoryInfo folder) => (_pki, _host, _folder) = (pki, host, folder);

    public RelayHost Host => _host;

    public static async Task<TestRelay> StartAsync(string server, string dataDirectory, int backlog = 4096, int port = 0)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-relay-");
        ServingCertificate.Write(dataDirectory, ["127.0.0.1"], folder.FullName);
        string kubeconfig = Path.Combine(folder.FullName, "relay.kubeconfig");
        ClientKubeconfig.Write(dataDirectory, "margay-relay", ["system:masters"], server, kubeconfig);
        string File(string name) => Path.Combine(folder.FullName, name);
        RelayHost host = await RelayHost.StartAsync(new RelayOptions
        {
            Upstream = KubeConfig.Connect(kubeconfig), Listen = [new IPEndPoint(IPAddress.Loopback, port)],
            CertificateFile = File("server.crt"), KeyFile = File("server.key"), ClientCaFile = File("ca.crt"),
            Resources = ["configmaps", "namespaces", "tiers.projectcalico.org"], Groups = ["system:nodes"],
            Backlog = backlog, BookmarkInterval = TimeSpan.FromMilliseconds(100), DrainTimeout = TimeSpan.FromSeconds(2),
        }, stop);
        var relay = new TestRelay(Path.Combine(dataDirectory, "pki"), host, folder);
        await relay.ReadyAsync();
        return relay;
    }

    /// <summary>A client that shows a certificate of this user and groups, signed by the server's authority or by another one.</summary>
    public ApiClient Client(string group = "system:nodes", string? authority = null) => new(
        _host.Address, Path.Combine(_pki, "ca.crt"), CertificateAuthority.Open(authority ?? _pki, TimeProvider.System).Client("system:node:n1", [group]));

    public ApiClient Nobody() => new(_host.Address, Path.Combine(_pki, "ca.crt"), null);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task ReadyAsync()
    {
        using ApiClient client = Nobody();
        while ((await client.GetAsync("/readyz")).Code != 200) await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
