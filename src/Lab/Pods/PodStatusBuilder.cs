using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>What is known about a pod on its node.</summary>
internal sealed record PodObservation
{
    public required Pod Pod { get; init; }

    public required string HostIp { get; init; }

    public Sandbox? Sandbox { get; init; }

    /// <summary>Why the sandbox or a container could not be made, last time; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>In the order of the pod's containers.</summary>
    public required IReadOnlyList<ContainerObservation> Containers { get; init; }
}

/// <summary>Computes the status that Kubernetes' node agent would write. Pure: the same observation gives the same status.</summary>
internal static class PodStatusBuilder
{
    public static PodStatus Build(PodObservation seen, DateTimeOffset now)
    {
        bool ready = seen.Containers.Count > 0 && seen.Containers.All(container => container.Running) && seen.Sandbox is { Ready: true };
        string phase = RestartPolicy.Phase(seen.Pod, seen.Containers);
        IReadOnlyList<string> addresses = seen.Pod.Spec.HostNetwork == true ? [seen.HostIp] : seen.Sandbox?.Addresses ?? [];
        var before = seen.Pod.Status;
        return new PodStatus
        {
            Phase = phase,
            Message = seen.Problem,
            Reason = seen.Problem is null ? null : "CreatePodSandboxError",
            HostIP = seen.HostIp,
            PodIP = addresses is [var first, ..] ? first : null,
            PodIPs = addresses.Count == 0 ? null : [.. addresses.Select(address => new PodIP { Ip = address })],
            StartTime = before?.StartTime ?? Text(now),
            Conditions =
            [
                Condition("PodScheduled", true, before, now),
                Condition("Initialized", true, before, now),
                Condition("ContainersReady", ready, before, now),
                Condition("Ready", ready, before, now),
            ],
            ContainerStatuses = [.. (seen.Pod.Spec.Containers ?? []).Zip(seen.Containers, (container, state) => Status(seen, container, state))],
        };
    }

    private static PodCondition Condition(string type, bool holds, PodStatus? before, DateTimeOffset now)
    {
        string status = holds ? "True" : "False";
        var same = before?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == status);
        return new PodCondition { Type = type, Status = status, LastTransitionTime = same?.LastTransitionTime ?? Text(now) };
    }

    private static ContainerStatus Status(PodObservation seen, Container container, ContainerObservation state) => new()
    {
        Name = container.Name,
        Image = container.Image ?? "",
        Ready = state.Running,
        Started = state.Running,
        RestartCount = state.Restarts,
        ContainerID = state.Started && seen.Sandbox is { } sandbox ? $"lab://{sandbox.Id}/{container.Name}" : null,
        State = StateOf(seen, state),
    };

    private static ContainerState StateOf(PodObservation seen, ContainerObservation state) => state switch
    {
        { Running: true } => new() { Running = new ContainerStateRunning { StartedAt = Text(state.StartedAt) } },
        { ExitCode: { } code } when RestartPolicy.Restarts(seen.Pod, code) =>
            new() { Waiting = new ContainerStateWaiting { Reason = "CrashLoopBackOff", Message = $"ended with exit code {code}" } },
        { ExitCode: { } code } => new()
        {
            Terminated = new ContainerStateTerminated
            {
                ExitCode = code,
                Reason = code == 0 ? "Completed" : "Error",
                StartedAt = Text(state.StartedAt),
                FinishedAt = Text(state.FinishedAt),
            },
        },
        _ => new() { Waiting = new ContainerStateWaiting { Reason = "ContainerCreating", Message = seen.Problem } },
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
