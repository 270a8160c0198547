using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Linux.Processes;

namespace Margay.Lab.Commands;

/// <summary>The lab's own processes, as commands see them.</summary>
internal static class LabProcesses
{
    private const string SupervisorName = "supervisor";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Starts the supervisor anew, with the specification of now. What it kept running goes on, except for programs whose
    /// file has been replaced meanwhile: those are ended, and start again from the new file.
    /// </summary>
    public static async Task StartAsync(LabSpec spec, LabLayout layout, CancellationToken stop)
    {
        await StopSupervisorAsync(layout, stop);
        Directory.CreateDirectory(layout.Pids);
        foreach (var daemon in LabDaemons.For(spec, layout)) EndIfReplaced(layout, daemon.Name);
        var supervisor = new DaemonSpec
        {
            Name = SupervisorName,
            Program = Path.Combine(spec.Binaries, "margay"),
            Arguments = ["lab", "supervise", "--name", spec.Name, "--state-root", layout.StateRoot, "--run-root", layout.RunRoot],
        };
        Launcher.Start(supervisor, layout.Log(SupervisorName), null).Save(Supervisor.PidFile(layout, SupervisorName));
    }

    /// <summary>Ends the supervisor; what it kept running goes on.</summary>
    public static async Task StopSupervisorAsync(LabLayout layout, CancellationToken stop)
    {
        if (Find(layout, SupervisorName) is not { } running) return;
        Signals.Send(running.Pid, Signal.Kill);
        while (running.IsAlive) await Task.Delay(Look, stop);
    }

    /// <summary>The process of a name; null when it does not run.</summary>
    public static ProcessIdentity? Find(LabLayout layout, string name) =>
        ProcessIdentity.Load(Supervisor.PidFile(layout, name)) is { IsAlive: true } process ? process : null;

    /// <summary>All of the lab's processes that run and whose process id is known.</summary>
    public static IEnumerable<ProcessIdentity> Running(LabLayout layout) =>
        !Directory.Exists(layout.Pids)
            ? []
            : Directory.EnumerateFiles(layout.Pids).Select(ProcessIdentity.Load).Where(process => process is { IsAlive: true }).Select(process => process!.Value);

    /// <summary>Names of all processes, the supervisor first.</summary>
    public static IEnumerable<string> Names(LabSpec spec, LabLayout layout) =>
        [SupervisorName, .. LabDaemons.For(spec, layout).Select(daemon => daemon.Name)];

    private static void EndIfReplaced(LabLayout layout, string name)
    {
        if (Find(layout, name) is not { } process) return;
        if (new FileInfo($"/proc/{process.Pid}/exe").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true)
            Signals.Send(process.Pid, Signal.Terminate);
    }
}
