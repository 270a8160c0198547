using System.Diagnostics;
using System.Text.Json.Nodes;
using Margay.Cni.Server;
using Margay.Cni.Wire;
using Margay.Kernel.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Kernel.Tests.Cni;

/// <summary>The plugin as a runtime drives it: a process with variables and standard input, in the node's namespace.</summary>
public sealed class RuntimeTests : IAsyncLifetime
{
    private readonly WiringScene _scene = new();
    private readonly WiringBackend _backend;
    private readonly string _run = Directory.CreateTempSubdirectory("margay-run-").FullName;
    private readonly string _plugin = Path.Combine(AppContext.BaseDirectory, "..", "..", "Margay.Apps.Cni", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "margay-cni");
    private CancellationTokenSource? _stop;
    private Task _serving = Task.CompletedTask;

    public RuntimeTests() => _backend = new WiringBackend(_scene);

    private string Socket => Path.Combine(_run, "cni.sock");

    public async ValueTask InitializeAsync() => await StartAsync();

    [Theory]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public async Task A_container_lives_through_add_check_and_del(string version)
    {
        var result = JsonNode.Parse(await SucceedAsync("ADD", _scene.PodA, "a", version, ""","runtimeConfig":{"ips":["10.65.0.1/32"]}"""))!;
        await SucceedAsync("ADD", _scene.PodB, "b", version, ""","runtimeConfig":{"ips":["10.65.0.2/32"]}""");
        Assert.Equal(version, (string)result["cniVersion"]!);
        Assert.Equal("10.65.0.1/32", (string)result["ips"]![0]!["address"]!);
        Assert.Equal(_scene.PodA.Path, (string)result["interfaces"]![1]!["sandbox"]!);
        _scene.PodA.Exec("ping", "-c", "1", "-W", "5", "10.65.0.2");

        string previous = $",\"prevResult\":{result.ToJsonString()}";
        if (version != "0.3.1")
        {
            Assert.Equal("", await SucceedAsync("CHECK", _scene.PodA, "a", version, previous));
            _scene.PodA.Ip("route", "del", "default");
            var (exit, output) = await CallAsync("CHECK", _scene.PodA.Path, "a", version, previous);
            Assert.Equal((1, 104), (exit, (int)JsonNode.Parse(output)!["code"]!));
        }
        Assert.Equal("", await SucceedAsync("DEL", _scene.PodA, "a", version, previous));
        Assert.Equal("", await SucceedAsync("DEL", _scene.PodA, "a", version, previous));
        await _scene.Wiring.FlushAsync();
        Assert.Equal([HostInterface("b"), "lo"], Links());
    }

    [Fact]
    public async Task Del_works_while_the_service_is_away_and_is_finished_when_it_is_back()
    {
        await SucceedAsync("ADD", _scene.PodA, "a", "1.0.0");
        await StopAsync();
        Assert.Equal((0, ""), await CallAsync("DEL", "", "a", "1.0.0"));
        Assert.Equal((0, ""), await CallAsync("DEL", "", "a", "1.0.0"));
        Assert.Equal(["lo"], Links());
        Assert.Single(_backend.Attached);

        await StartAsync();
        // The same id again: served after the note, whichever comes first.
        await SucceedAsync("ADD", _scene.PodA, "a", "1.0.0");
        Assert.Empty(new Tombstones(new CniPaths(Socket, _run).Tombstones).List());
        Assert.Equal([HostInterface("a"), "lo"], Links());
    }

    [Fact]
    public async Task Gc_removes_what_is_not_in_the_list()
    {
        await SucceedAsync("ADD", _scene.PodA, "a", "1.1.0", ""","runtimeConfig":{"ips":["10.65.0.1/32"]}""");
        await SucceedAsync("ADD", _scene.PodB, "b", "1.1.0", ""","runtimeConfig":{"ips":["10.65.0.2/32"]}""");
        Assert.Equal("", await SucceedAsync("GC", _scene.PodA, "", "1.1.0", ""","cni.dev/valid-attachments":[{"containerID":"b","ifname":"eth0"}]"""));
        await _scene.Wiring.FlushAsync();
        Assert.Equal([HostInterface("b"), "lo"], Links());
        Assert.Equal("", await SucceedAsync("STATUS", _scene.PodA, "", "1.1.0"));
    }

    [Fact]
    public async Task Twenty_containers_at_once()
    {
        var pods = Enumerable.Range(0, 20).Select(i => new TestNamespace($"p{i}")).ToList();
        try
        {
            await Task.WhenAll(pods.Select((pod, i) => SucceedAsync("ADD", pod, $"c{i}", "1.0.0", $$""","runtimeConfig":{"ips":["10.65.1.{{i}}/32"]}""")));
            Assert.Equal(21, Links().Count);
            pods[3].Exec("ping", "-c", "1", "-W", "5", "10.65.1.17");
            await Task.WhenAll(pods.Select((pod, i) => SucceedAsync("DEL", pod, $"c{i}", "1.0.0")));
            await _scene.Wiring.FlushAsync();
            Assert.Equal(["lo"], Links());
        }
        finally
        {
            pods.ForEach(p => p.Dispose());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _scene.Dispose();
        Directory.Delete(_run, recursive: true);
    }

    private static string HostInterface(string container) => Margay.Cni.Wiring.HostInterfaceName.ForPod("shop", container);

    private List<string> Links() => [.. _scene.Netlink.ListLinks().Select(l => l.Name).Order(StringComparer.Ordinal)];

    private async Task StartAsync()
    {
        _stop = new CancellationTokenSource();
        var server = new CniServer(_backend, new CniServerOptions { Paths = new CniPaths(Socket, _run) }, TimeProvider.System, NullLogger<CniServer>.Instance);
        _serving = server.RunAsync(_stop.Token);
        await Task.WhenAny(server.Listening, _serving);
    }

    private async Task StopAsync()
    {
        if (_stop is null) return;
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
        _stop = null;
    }

    private async Task<string> SucceedAsync(string verb, TestNamespace pod, string container, string version, string more = "")
    {
        var (exit, output) = await CallAsync(verb, pod.Path, container, version, more);
        Assert.True(exit == 0, output);
        return output;
    }

    private async Task<(int Exit, string Output)> CallAsync(string verb, string netns, string container, string version, string more = "")
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { "netns", "exec", _scene.Node.Name, _plugin }) start.ArgumentList.Add(argument);
        start.Environment["CNI_COMMAND"] = verb;
        start.Environment["CNI_CONTAINERID"] = container;
        start.Environment["CNI_NETNS"] = netns;
        start.Environment["CNI_IFNAME"] = "eth0";
        start.Environment["CNI_PATH"] = Path.GetDirectoryName(_plugin);
        start.Environment["CNI_ARGS"] = $"IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME={container}";
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync($$"""{"cniVersion":"{{version}}","name":"margay","type":"margay-cni","socket":"{{Socket}}","mtu":1440{{more}}}""");
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
