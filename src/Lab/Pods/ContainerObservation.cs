using System.Globalization;
using Margay.Lab.Processes;
using Margay.Linux.Processes;

namespace Margay.Lab.Pods;

/// <summary>What the files of a container say about it.</summary>
internal sealed record ContainerObservation
{
    /// <summary>What counts as the exit code when the process is gone without having left one: killed.</summary>
    public const int Killed = 137;

    /// <summary>What counts as the exit code when the command never came to life.</summary>
    public const int NotStarted = 125;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    /// <summary>Whether it has been started at all.</summary>
    public bool Started { get; init; }

    /// <summary>The exit code of the last life; null while it runs or before its first.</summary>
    public int? ExitCode { get; init; }

    public int Restarts { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset FinishedAt { get; init; }

    public bool Running => Started && ExitCode is null;

    public static ContainerObservation Of(ContainerDirectory directory)
    {
        // The directory is there before the process, the process id a moment after it: between the two it is "running".
        if (!Directory.Exists(directory.Path)) return new ContainerObservation();
        var process = ProcessIdentity.Load(directory.PidFile);
        int? exit = process switch
        {
            { IsAlive: true } => null,
            null => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(directory.Path) < LongestStart ? null : NotStarted,
            _ => ReadNumber(directory.ExitFile) ?? Killed,
        };
        return new ContainerObservation
        {
            Started = true,
            ExitCode = exit,
            Restarts = ReadNumber(directory.RestartsFile) ?? 0,
            StartedAt = File.GetLastWriteTimeUtc(File.Exists(directory.PidFile) ? directory.PidFile : directory.Path),
            FinishedAt = exit is null ? default : File.Exists(directory.ExitFile) ? File.GetLastWriteTimeUtc(directory.ExitFile) : DateTimeOffset.UtcNow,
        };
    }

    /// <summary>Sends a signal to the container's processes; for pods that share their node's network.</summary>
    public static void Signal(ContainerDirectory directory, Signal signal)
    {
        if (ProcessIdentity.Load(directory.PidFile) is { IsAlive: true } process) Signals.Send(-process.Pid, signal);
    }

    private static int? ReadNumber(string path) =>
        File.Exists(path) && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out int number) ? number : null;
}
