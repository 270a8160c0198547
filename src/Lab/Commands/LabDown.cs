using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Linux.Processes;

namespace Margay.Lab.Commands;

/// <summary>
/// Removes a lab. It looks for what is there and not for what should be, so it also removes a lab whose state is lost or
/// that came up in part: all of a lab's processes except the supervisor run in namespaces that carry its name.
/// </summary>
internal sealed class LabDown(LabLayout layout, StepProgress progress)
{
    private const int MostRounds = 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken stop)
    {
        await progress.RunAsync("processes", () => EndProcessesAsync(stop), count => $"those in {count} namespaces ended");
        await progress.RunAsync("namespaces", () => RemoveNamespacesAsync(stop), count => $"{count} removed");
        await progress.RunAsync("files", RemoveFilesAsync, _ => "removed");
    }

    private async Task<int> EndProcessesAsync(CancellationToken stop)
    {
        await LabProcesses.StopSupervisorAsync(layout, stop);
        foreach (var process in LabProcesses.Running(layout)) Signals.Send(process.Pid, Signal.Terminate);
        var namespaces = await NamespacesAsync(stop);
        await NetnsProcesses.EndAsync(namespaces, Grace, stop);

        // A process may have lost its namespace; its process id is known all the same.
        foreach (var process in LabProcesses.Running(layout)) Signals.Send(process.Pid, Signal.Kill);
        return namespaces.Count;
    }

    // What was dying while its namespace was looked at may have removed, or made, another one: look again until none is left.
    private async Task<int> RemoveNamespacesAsync(CancellationToken stop)
    {
        int removed = 0;
        for (int round = 1; await NamespacesAsync(stop) is { Count: > 0 } namespaces; round++)
        {
            if (round > MostRounds) throw new LabException($"{string.Join(", ", namespaces)}: cannot be removed");
            await NetnsProcesses.EndAsync(namespaces, TimeSpan.Zero, stop);
            foreach (string netns in namespaces)
            {
                var result = await Command.RunAsync("ip", ["netns", "delete", netns], stop);
                if (result.ExitCode == 0) removed++;
            }
        }

        await Fabric.RemoveEmptyNamespaceMountAsync(stop);
        return removed;
    }

    private async Task<List<string>> NamespacesAsync(CancellationToken stop) =>
        [.. (await Fabric.NamespacesAsync(stop)).Where(netns => LabPlan.Owns(layout.Lab, netns))];

    private Task<bool> RemoveFilesAsync()
    {
        foreach (string directory in (string[])[layout.State, layout.Run])
        {
            if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
            RemoveEmptyParents(directory);
        }

        return Task.FromResult(true);
    }

    // .../margay/lab and .../margay, when nobody else has anything in them.
    private static void RemoveEmptyParents(string directory)
    {
        for (var parent = Directory.GetParent(directory); parent is { Name: "lab" or "margay", Exists: true }; parent = parent.Parent)
        {
            if (parent.EnumerateFileSystemInfos().Any()) return;
            parent.Delete();
        }
    }
}
