using System.Text.Json;
using System.Threading.Channels;
using Margay.Linux.Processes;
using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>
/// Owns one pod on its node, from its first appearance until nothing of it is left. It compares what the API wants with
/// what the disk says, again and again; it remembers nothing that the disk does not, so it may be killed at any moment.
/// </summary>
internal sealed class PodWorker(NodeContext node, PodDirectory directory)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Channel<Pod?> _inbox =
        Channel.CreateBounded<Pod?>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Containers _containers = new(node, directory);
    private Pod? _pod;
    private string? _problem;
    private string? _written;

    /// <summary>Tells the worker what the API says now; null when the pod is gone.</summary>
    public void Tell(Pod? pod) => _inbox.Writer.TryWrite(pod);

    /// <summary>Works until nothing of the pod is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _pod = await _inbox.Reader.ReadAsync(stop);
        for (var wait = Look; ;)
        {
            try
            {
                if (await ReconcileAsync(stop)) return;
                wait = Look;
                _problem = null;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                if (_problem != failure.Message) Console.WriteLine($"{node.Time.GetUtcNow():O} pod {directory.Pod.Namespace}/{directory.Pod.Name}: {failure.Message}");
                _problem = failure.Message;
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }

            await WaitAsync(wait, stop);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var timer = Task.Delay(wait, node.Time, awake.Token);
        await Task.WhenAny(timer, _inbox.Reader.WaitToReadAsync(awake.Token).AsTask());
        await awake.CancelAsync();
        stop.ThrowIfCancellationRequested();
        if (_inbox.Reader.TryRead(out var pod)) _pod = pod;
    }

    // True when nothing of the pod is left.
    private async Task<bool> ReconcileAsync(CancellationToken stop)
    {
        if (_pod is not { Metadata.DeletionTimestamp: null } pod)
        {
            await RemoveAsync(stop);
            return true;
        }

        if (_pod.Status?.Phase is "Succeeded" or "Failed")
        {
            await node.Sandboxes.RemoveAsync(directory, TimeSpan.Zero, stop);
            return false;
        }

        var sandbox = await EnsureSandboxAsync(pod, stop);
        _containers.StartDue(pod, sandbox);
        await WriteStatusAsync(pod, sandbox, stop);
        return false;
    }

    private async Task<Sandbox> EnsureSandboxAsync(Pod pod, CancellationToken stop)
    {
        try
        {
            var sandbox = await node.Sandboxes.EnsureAsync(pod, directory, stop);
            node.NameServers.Write(directory);
            string own = sandbox.Addresses is [var address, ..] ? $"{address} {ContainerEnvironment.HostName(pod)}\n" : "";
            if (!File.Exists(directory.HostsFile)) await File.WriteAllTextAsync(directory.HostsFile, $"127.0.0.1 localhost\n::1 localhost\n{own}", stop);
            return sandbox;
        }
        catch (LabException failure)
        {
            _problem ??= failure.Message;
            await WriteStatusAsync(pod, null, stop);
            throw;
        }
    }

    private async Task WriteStatusAsync(Pod pod, Sandbox? sandbox, CancellationToken stop)
    {
        var seen = new PodObservation
        {
            Pod = pod, HostIp = node.Node.Ipv4, Sandbox = sandbox, Problem = sandbox is null ? _problem : null, Containers = _containers.Observe(pod),
        };
        var status = PodStatusBuilder.Build(seen, node.Time.GetUtcNow());
        string text = JsonSerializer.Serialize(status, ModelJson.Default.PodStatus);
        if (text == _written) return;
        await node.Api.WriteStatusAsync(pod, status, stop);
        _written = text;
        pod.Status = status;
    }

    private async Task RemoveAsync(CancellationToken stop)
    {
        var grace = TimeSpan.FromSeconds(_pod?.Metadata.DeletionGracePeriodSeconds ?? _pod?.Spec.TerminationGracePeriodSeconds ?? 5);
        foreach (string container in directory.Containers) ContainerObservation.Signal(directory.Container(container), Signal.Terminate);
        await node.Sandboxes.RemoveAsync(directory, grace, stop);
        foreach (string container in directory.Containers) ContainerObservation.Signal(directory.Container(container), Signal.Kill);
        if (_pod is { } pod) await node.Api.ForgetAsync(pod, stop);
        if (Directory.Exists(directory.Path)) Directory.Delete(directory.Path, recursive: true);
    }
}
