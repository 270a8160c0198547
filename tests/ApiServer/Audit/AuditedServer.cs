using System.Net;
using System.Text.Json.Nodes;
using Margay.ApiServer.Audit;
using Margay.ApiServer.Hosting;

namespace Margay.ApiServer.Tests.Audit;

/// <summary>A server that records everything it may.</summary>
public sealed class AuditedServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-audit-").FullName;
    private ApiServerHost? _host;
    private ApiClient? _client;

    internal ApiClient Client => _client!;

    internal string Address => _host!.Address;

    internal string Authority => Path.Combine(Pki, "ca.crt");

    internal string Pki => Path.Combine(_folder, "data", "pki");

    private string Log => Path.Combine(_folder, "audit.log");

    public async ValueTask InitializeAsync()
    {
        string policy = Path.Combine(_folder, "policy.yaml");
        await File.WriteAllTextAsync(policy, "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n- level: RequestResponse\n");
        _host = await ApiServerHost.StartAsync(new ApiServerOptions
        {
            DataDirectory = Path.Combine(_folder, "data"), Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Audit = new AuditOptions { PolicyFile = policy, LogPath = Log },
        }, CancellationToken.None);
        _client = ApiClient.FromFolder(_host.Address, Pki);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal string Text()
    {
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    internal IEnumerable<JsonObject> Events() =>
        Text().Split('\n')[..^1].Select(line => (JsonObject)JsonNode.Parse(line)!);

    /// <summary>The events about an object, once there are so many.</summary>
    internal async Task<JsonObject[]> EventsAsync(string name, int count)
    {
        JsonObject[] Found() => [.. Events().Where(e => (string?)e["objectRef"]?["name"] == name)];
        await UntilAsync(() => Found().Length >= count);
        return Found();
    }

    /// <summary>The end of a request is recorded when its client may have its answer already.</summary>
    internal async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var watcher = new FileSystemWatcher(_folder, "audit.log");
        var changed = new SemaphoreSlim(0);
        watcher.Changed += (_, _) => changed.Release();
        watcher.EnableRaisingEvents = true;
        while (!condition()) await changed.WaitAsync(patience.Token);
    }
}
