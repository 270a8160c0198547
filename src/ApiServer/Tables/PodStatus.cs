using System.Globalization;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>
/// Says in one word how a pod is, as people know it from kubectl: why it waits or ended rather than its phase, as long as there is a
/// reason to tell.
/// </summary>
internal sealed class PodStatus
{
    private readonly JsonObject _pod;

    /// <summary>Looks at a pod.</summary>
    public PodStatus(JsonObject pod)
    {
        _pod = pod;
        Total = pod.Items("spec", "containers").Count;
        Reason = pod.Text("status", "reason") is { Length: > 0 } reason ? reason : pod.Text("status", "phase") is { Length: > 0 } phase ? phase : "Unknown";
        if (pod.Condition("PodScheduled") is { } scheduled && scheduled.Text("reason") == "SchedulingGated")
            Reason = "SchedulingGated";
        if (!LookAtInitContainers())
            LookAtContainers();
        if (pod.At("metadata", "deletionTimestamp") is not null)
        {
            if (pod.Text("status", "reason") == "NodeLost")
                Reason = "Unknown";
            else if (pod.Text("status", "phase") is not ("Succeeded" or "Failed"))
                Reason = "Terminating";
        }
    }

    /// <summary>The word.</summary>
    public string Reason { get; private set; }

    /// <summary>Containers that are ready.</summary>
    public int Ready { get; private set; }

    /// <summary>Containers there should be.</summary>
    public int Total { get; private set; }

    /// <summary>Restarts of all containers.</summary>
    public long Restarts { get; private set; }

    /// <summary>When the last restart was; empty when there was none.</summary>
    public string LastRestart { get; private set; } = "";

    private bool LookAtInitContainers()
    {
        var specs = _pod.Items("spec", "initContainers");
        var sidecars = specs.Where(IsSidecar).Select(s => s.Text("name")).ToHashSet(StringComparer.Ordinal);
        Total += sidecars.Count;
        int done = 0;
        foreach (var status in _pod.Items("status", "initContainerStatuses"))
        {
            bool sidecar = sidecars.Contains(status.Text("name"));
            CountRestarts(status);
            if (status.At("state", "terminated") is { } ended && ended.Number("exitCode") == 0)
            {
                done++;
                continue;
            }

            if (sidecar && status.Flag("started"))
            {
                Ready += status.Flag("ready") ? 1 : 0;
                done++;
                continue;
            }

            Reason = $"Init:{InitReason(status, done, specs.Count)}";
            return true;
        }

        Restarts = sidecars.Count == 0 ? 0 : Restarts;
        LastRestart = Restarts == 0 ? "" : LastRestart;
        return false;
    }

    private static string InitReason(JsonNode? status, int done, int total)
    {
        if (status.At("state", "terminated") is { } ended)
            return Ended(ended);
        var waiting = status.Text("state", "waiting", "reason");
        return waiting is { Length: > 0 } and not "PodInitializing" ? waiting : $"{done}/{total}";
    }

    private void LookAtContainers()
    {
        bool running = false;
        foreach (var status in _pod.Items("status", "containerStatuses").Reverse())
        {
            CountRestarts(status);
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
                Reason = waiting;
            else if (status.At("state", "terminated") is { } ended)
                Reason = Ended(ended);
            else if (status.Flag("ready") && status.At("state", "running") is not null)
            {
                running = true;
                Ready++;
            }
        }

        // Some containers are done and others run: the pod as a whole runs.
        if (Reason == "Completed" && running)
            Reason = _pod.Condition("Ready").Text("status") == "True" ? "Running" : "NotReady";
    }

    private void CountRestarts(JsonNode? status)
    {
        Restarts += status.Number("restartCount");
        var ended = status.Text("lastState", "terminated", "finishedAt");
        if (string.Compare(ended, LastRestart, CultureInfo.InvariantCulture, CompareOptions.Ordinal) > 0)
            LastRestart = ended;
    }

    private static string Ended(JsonNode ended)
    {
        if (ended.Text("reason") is { Length: > 0 } reason)
            return reason;
        return ended.Number("signal") != 0 ? $"Signal:{ended.Number("signal")}" : $"ExitCode:{ended.Number("exitCode")}";
    }

    private static bool IsSidecar(JsonNode? container) => container.Text("restartPolicy") == "Always";
}
