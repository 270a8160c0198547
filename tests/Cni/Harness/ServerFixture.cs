using System.Text;
using Margay.Cni.Plugin;
using Margay.Cni.Server;
using Margay.Cni.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Cni.Tests.Harness;

/// <summary>A server in this process, and a plugin that talks to it.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    public RecordingBackend Backend { get; } = new();

    public FakeUnwiring Unwiring { get; } = new();

    public string Socket => _directory.Sub("cni.sock");

    public Tombstones Tombstones => new(new CniPaths(Socket, _directory.Path).Tombstones);

    public async Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        var options = new CniServerOptions { Paths = new CniPaths(Socket, _directory.Path), Concurrency = 4, NodeName = "here" };
        var server = new CniServer(Backend, options, TimeProvider.System, NullLogger<CniServer>.Instance);
        _running = server.RunAsync(_stop.Token);
        await Task.WhenAny(server.Listening, _running);
    }

    public async Task StopAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _stop = null;
    }

    /// <summary>Runs the plugin as a runtime does.</summary>
    public Task<(int Exit, string Output)> CallAsync(string verb, string container = "abc", string version = "1.1.0", string more = "", string netns = "/run/netns/none") => Task.Run(() =>
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CNI_COMMAND"] = verb, ["CNI_CONTAINERID"] = container, ["CNI_IFNAME"] = "eth0", ["CNI_NETNS"] = netns,
            ["CNI_ARGS"] = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart",
        };
        string config = $$"""{"cniVersion":"{{version}}","name":"margay","type":"margay-cni","socket":"{{Socket}}"{{more}}}""";
        using var output = new MemoryStream();
        int exit = new CniPlugin(Unwiring).Run(variables.GetValueOrDefault, new MemoryStream(Encoding.UTF8.GetBytes(config)), output);
        return (exit, Encoding.UTF8.GetString(output.ToArray()));
    });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    internal sealed class FakeUnwiring : ILoneUnwiring
    {
        public List<(string, string)> Removed { get; } = [];

        public void Remove(string containerId, string ifName) => Removed.Add((containerId, ifName));
    }
}
