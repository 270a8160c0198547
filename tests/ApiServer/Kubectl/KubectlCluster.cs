using System.Net;
using Margay.ApiServer.Hosting;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>A real server on loopback, with TLS and client certificates, as kubectl meets it.</summary>
public sealed class KubectlCluster : IAsyncLifetime
{
    private ApiServerHost? _server;

    /// <summary>A folder for each kubectl's caches, and the server's state.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("margay-kubectl-").FullName;

    internal string Kubeconfig => _server!.Kubeconfig;

    public async ValueTask InitializeAsync()
    {
        _server = await ApiServerHost.StartAsync(
            new ApiServerOptions { DataDirectory = Path.Combine(Folder, "server"), Listen = [new IPEndPoint(IPAddress.Loopback, 0)] },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
