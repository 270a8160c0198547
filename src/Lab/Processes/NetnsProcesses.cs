using System.Globalization;
using Margay.Linux.Processes;

namespace Margay.Lab.Processes;

/// <summary>The processes inside network namespaces; what ran in a namespace is found there even when nobody remembers it.</summary>
internal static class NetnsProcesses
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks every process in the namespaces to end, and kills what has not ended after the grace period.</summary>
    public static async Task EndAsync(IReadOnlyList<string> namespaces, TimeSpan grace, CancellationToken stop)
    {
        var processes = await ListAsync(namespaces, stop);
        if (processes.Count == 0) return;
        foreach (var process in processes) Send(process, Signal.Terminate);
        var waited = TimeProvider.System.GetTimestamp();
        while (processes.Any(process => process.IsAlive) && TimeProvider.System.GetElapsedTime(waited) < grace) await Task.Delay(Look, stop);

        // Children that were born meanwhile count too.
        for (processes = await ListAsync(namespaces, stop); processes.Count > 0; processes = await ListAsync(namespaces, stop))
        {
            foreach (var process in processes) Send(process, Signal.Kill);
            await Task.Delay(Look, stop);
        }
    }

    private static async Task<List<ProcessIdentity>> ListAsync(IReadOnlyList<string> namespaces, CancellationToken stop)
    {
        var processes = new List<ProcessIdentity>();
        foreach (string netns in namespaces)
        {
            var listing = await Command.RunAsync("ip", ["netns", "pids", netns], stop);
            foreach (string line in listing.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(line, CultureInfo.InvariantCulture, out int pid) && ProcessIdentity.Of(pid) is { } process)
                    processes.Add(process);
            }
        }

        return processes;
    }

    private static void Send(ProcessIdentity process, Signal signal)
    {
        if (process.IsAlive) Signals.Send(process.Pid, signal);
    }
}
