using System.Net;
using Margay.ApiServer.Hosting;

namespace Margay.ApiServer.Tests;

/// <summary>A real server on loopback with a folder of its own.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-api-");
    private ApiServerHost? _host;
    private ApiClient? _client;

    /// <summary>How many changes can be watched from the past.</summary>
    public int RetainEvents { get; init; } = 20_000;

    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    internal ApiServerHost Host => _host!;

    internal ApiClient Client => _client!;

    /// <summary>The certificate of the server's authority.</summary>
    internal string Authority => Path.Combine(Pki, "ca.crt");

    internal string Pki => Path.Combine(_folder.FullName, "data", "pki");

    public async ValueTask InitializeAsync()
    {
        _host = await ApiServerHost.StartAsync(new ApiServerOptions
        {
            DataDirectory = Path.Combine(_folder.FullName, "data"),
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            RetainEvents = RetainEvents,
            BookmarkInterval = BookmarkInterval,
            DrainTimeout = TimeSpan.FromSeconds(2),
        }, CancellationToken.None);
        _client = ApiClient.FromFolder(_host.Address, Pki);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A namespace that no other test uses.</summary>
    internal async Task<string> NamespaceAsync()
    {
        string name = $"t-{Guid.NewGuid():N}"[..12];
        (await Client.PostAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        return name;
    }
}
