using System.Threading.Channels;
using Margay.Lab.Pods;
using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Kernel.Tests.Lab;

/// <summary>Real processes in real namespaces, with a plugin that is a shell script: what the pod runner does by itself.</summary>
public sealed class PodRunnerTests : IAsyncLifetime
{
    private const string Lab = "tlab";
    private readonly string _root = Directory.CreateTempSubdirectory("margay-lab-").FullName;
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(3));
    private readonly RecordingApi _api = new();
    private readonly List<PodRunner> _runners = [];
    private CancellationToken Stop => _stop.Token;

    public ValueTask InitializeAsync()
    {
        // The plugin notes what it was asked and gives an address; it fails as long as a file says so.
        File.WriteAllText(
            Path.Combine(_root, "plugin"),
            $$"""
            #!/bin/sh
            echo "$CNI_COMMAND $CNI_IFNAME $CNI_ARGS" >>{{_root}}/calls
            [ ! -e {{_root}}/broken ] || { echo '{"code":11,"msg":"later"}'; exit 1; }
            [ $CNI_COMMAND = DEL ] || echo '{"ips":[{"address":"fd00::7/128"},{"address":"10.0.0.7/32"}]}'
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_root, "plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(
            Path.Combine(_root, "net.conflist"), """{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"plugin"}]}""");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var runner in _runners)
            await runner.WaitAsync().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (string netns in await Fabric.NamespacesAsync(CancellationToken.None))
        {
            if (LabPlan.Owns(Lab, netns)) await Fabric.RemoveNamespaceAsync(netns, CancellationToken.None);
        }

        Directory.Delete(_root, recursive: true);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_pod_runs_its_command_in_its_own_namespaces_and_leaves_nothing_when_deleted()
    {
        var runner = Runner();
        var pod = Pod("a", "hostname; cat /etc/resolv.conf; readlink /proc/self/ns/net; exec sleep 1000");
        runner.Changed(pod, Stop);
        await _api.UntilAsync(status => status.Phase == "Running" && Ready(status), Stop);

        Assert.Equal(["10.0.0.7", "fd00::7"], _api.Last!.PodIPs!.Select(address => address.Ip));
        var directory = PodDirectory.Of(_root + "/pods", pod.Metadata);
        string log = await LogAsync(directory, lines: 4);
        Assert.StartsWith("a\n", log, StringComparison.Ordinal);
        Assert.Contains("search shop.svc.cluster.local", log, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ResolveLinkTarget("/proc/self/ns/net", false)?.Name ?? "?", log, StringComparison.Ordinal);

        var process = ProcessIdentity.Load(directory.Container("main").PidFile)!.Value;
        pod.Metadata.DeletionTimestamp = "2026-01-01T00:00:00Z";
        runner.Changed(pod, Stop);
        await _api.Forgotten.Task.WaitAsync(Stop);
        await runner.WaitAsync().WaitAsync(Stop);

        Assert.False(process.IsAlive);
        Assert.False(Directory.Exists(directory.Path));
        Assert.DoesNotContain(await Fabric.NamespacesAsync(Stop), netns => LabPlan.Owns(Lab, netns));
        Assert.Equal(["ADD", "DEL"], File.ReadLines(_root + "/calls").Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_runner_that_is_killed_and_started_again_adopts_the_pod()
    {
        var pod = Pod("a", "exec sleep 1000");
        using (var firstLife = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            Runner().Changed(pod, firstLife.Token);
            await _api.UntilAsync(Ready, Stop);
            await firstLife.CancelAsync();
        }

        var before = ProcessIdentity.Load(PodDirectory.Of(_root + "/pods", pod.Metadata).Container("main").PidFile);
        _api.Clear();
        var second = Runner();
        second.Changed(pod, Stop);
        await _api.UntilAsync(Ready, Stop);

        Assert.Equal(before, ProcessIdentity.Load(PodDirectory.Of(_root + "/pods", pod.Metadata).Container("main").PidFile));
        Assert.Single(File.ReadLines(_root + "/calls"));
        Assert.Equal(0, _api.Last!.ContainerStatuses![0].RestartCount);
    }

    [Fact]
    public async Task A_pod_deleted_while_no_runner_ran_is_cleaned_up_by_the_next()
    {
        var pod = Pod("a", "exec sleep 1000");
        using (var firstLife = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            Runner().Changed(pod, firstLife.Token);
            await _api.UntilAsync(Ready, Stop);
            await firstLife.CancelAsync();
        }

        var second = Runner();
        second.Complete([], Stop);
        await second.WaitAsync().WaitAsync(Stop);

        Assert.DoesNotContain(await Fabric.NamespacesAsync(Stop), netns => LabPlan.Owns(Lab, netns));
        Assert.Empty(Directory.EnumerateDirectories(_root + "/pods"));
    }

    [Fact]
    public async Task A_container_that_fails_is_started_again_and_one_that_may_not_ends_the_pod()
    {
        Runner().Changed(Pod("again", "exit 3"), Stop);
        await _api.UntilAsync(status => status.ContainerStatuses![0].RestartCount >= 1, Stop);

        _api.Clear();
        var once = Pod("once", "exit 3");
        once.Spec.RestartPolicy = "Never";
        Runner().Changed(once, Stop);
        await _api.UntilAsync(status => status.Phase == "Failed", Stop);
        Assert.Equal(3, _api.Last!.ContainerStatuses![0].State!.Terminated!.ExitCode);
    }

    [Fact]
    public async Task A_plugin_that_fails_is_asked_again_and_its_words_are_in_the_status()
    {
        await File.WriteAllTextAsync(_root + "/broken", "", Stop);
        Runner().Changed(Pod("a", "exec sleep 1000"), Stop);
        await _api.UntilAsync(status => status.Message?.Contains("code 11: later", StringComparison.Ordinal) == true, Stop);
        File.Delete(_root + "/broken");
        await _api.UntilAsync(Ready, Stop);
    }

    private static bool Ready(PodStatus status) =>
        status.Conditions!.Any(condition => condition is { Type: "Ready", Status: "True" });

    private async Task<string> LogAsync(PodDirectory directory, int lines)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            string text = await File.ReadAllTextAsync(directory.Container("main").Log, Stop);
            if (text.Count(c => c == '\n') >= lines) return text;
            await timer.WaitForNextTickAsync(Stop);
        }
    }

    private static Pod Pod(string name, string script) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = $"uid-{name}" },
        Spec = new PodSpec
        {
            NodeName = "node1",
            TerminationGracePeriodSeconds = 1,
            Containers = [new Container { Name = "main", Command = ["/bin/sh", "-c", script] }],
        },
    };

    private PodRunner Runner()
    {
        var runner = new PodRunner(Context());
        _runners.Add(runner);
        return runner;
    }

    private NodeContext Context() => new()
    {
        Node = new LabMachine("node1", "tlab-node1", "10.98.0.11", "fd98::b"),
        Pods = _root + "/pods",
        Sandboxes = new Sandboxes(Lab, new CniRuntime(_root + "/net.conflist", _root)),
        Api = _api,
        SearchPath = "/usr/sbin:/usr/bin:/sbin:/bin",
        NameServers = new NameServers(_root + "/pods"),
    };

    private sealed class RecordingApi : IPodApi
    {
        private readonly Channel<PodStatus> _statuses = Channel.CreateUnbounded<PodStatus>();

        public PodStatus? Last { get; private set; }

        public TaskCompletionSource Forgotten { get; } = new();

        public void Clear()
        {
            while (_statuses.Reader.TryRead(out _)) Last = null;
        }

        public async Task UntilAsync(Func<PodStatus, bool> holds, CancellationToken stop)
        {
            do Last = await _statuses.Reader.ReadAsync(stop);
            while (!holds(Last));
        }

        public Task WriteStatusAsync(Pod pod, PodStatus status, CancellationToken stop)
        {
            _statuses.Writer.TryWrite(status);
            return Task.CompletedTask;
        }

        public Task ForgetAsync(Pod pod, CancellationToken stop)
        {
            Forgotten.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
