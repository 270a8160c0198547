using System.Globalization;
using Margay.Lab.Processes;
using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>Starts a pod's containers, and starts them again as the pod's restartPolicy says.</summary>
internal sealed class Containers(NodeContext node, PodDirectory directory)
{
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);

    /// <summary>What the containers do now, in the order of the manifest.</summary>
    public IReadOnlyList<ContainerObservation> Observe(Pod pod) =>
        [.. (pod.Spec.Containers ?? []).Select(container => ContainerObservation.Of(directory.Container(container.Name)))];

    /// <summary>Starts what is due.</summary>
    public void StartDue(Pod pod, Sandbox sandbox)
    {
        foreach (var container in pod.Spec.Containers ?? [])
        {
            var seen = ContainerObservation.Of(directory.Container(container.Name));
            if (!seen.Started) Start(pod, container, sandbox);
            else if (seen.ExitCode is { } code && RestartPolicy.Restarts(pod, code) && IsDue(container.Name, seen)) StartAgain(pod, container, sandbox, seen);
        }
    }

    private bool IsDue(string container, ContainerObservation seen)
    {
        if (!_lives.TryGetValue(container, out var life)) _lives[container] = life = new Life();
        life.StartAt ??= node.Time.GetUtcNow() + life.Delay.After(seen.FinishedAt - seen.StartedAt);
        return node.Time.GetUtcNow() >= life.StartAt;
    }

    private void StartAgain(Pod pod, Container container, Sandbox sandbox, ContainerObservation seen)
    {
        _lives[container.Name].StartAt = null;
        File.WriteAllText(
            directory.Container(container.Name).RestartsFile, (seen.Restarts + 1).ToString(CultureInfo.InvariantCulture));
        Start(pod, container, sandbox);
    }

    private void Start(Pod pod, Container container, Sandbox sandbox)
    {
        var environment = ContainerEnvironment.Of(pod, container, sandbox, node.SearchPath);
        var command = ContainerEnvironment.CommandLine(container, environment);
        if (command.Count == 0) throw new LabException($"container {container.Name}: a container of a lab needs a command");
        bool ownNetwork = sandbox.Netns is not null;
        ContainerShim.Start(new ContainerStart
        {
            Directory = directory.Container(container.Name),
            Netns = sandbox.Netns,
            Hostname = ContainerEnvironment.HostName(pod),
            ResolvConf = ownNetwork ? directory.ResolvConf : "",
            Hosts = ownNetwork ? directory.HostsFile : "",
            WorkingDirectory = container.WorkingDir ?? "/",
            Environment = environment,
            Command = command,
        });
    }

    private sealed class Life
    {
        public DateTimeOffset? StartAt { get; set; }

        public RestartDelay Delay { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    }
}
