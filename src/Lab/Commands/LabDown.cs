using Margay.Lab.Processes;
using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>
/// Removes a lab. It looks for what is there and not for what should be, so it also removes a lab whose state is lost or
/// that came up in part: all of a lab's processes except the supervisor run in namespaces that carry its name.
/// </summary>
internal sealed class LabDown(LabLayout layout, StepProgress progress)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken stop)
    {
        var namespaces = await progress.RunAsync("processes", () => EndProcessesAsync(stop), found => $"those in {found.Count} namespaces");
        await progress.RunAsync("namespaces", () => RemoveNamespacesAsync(namespaces, stop), count => $"{count} removed");
        await progress.RunAsync("files", RemoveFilesAsync, _ => "removed");
    }

    private async Task<List<string>> EndProcessesAsync(CancellationToken stop)
    {
        await LabProcesses.StopSupervisorAsync(layout, stop);
        var namespaces = (await Fabric.NamespacesAsync(stop)).Where(netns => LabPlan.Owns(layout.Lab, netns)).ToList();
        await NetnsProcesses.EndAsync(namespaces, Grace, stop);
        return namespaces;
    }

    private static async Task<int> RemoveNamespacesAsync(List<string> namespaces, CancellationToken stop)
    {
        foreach (string netns in namespaces) await Command.RequireAsync("ip", ["netns", "delete", netns], stop);
        await Fabric.RemoveEmptyNamespaceMountAsync(stop);
        return namespaces.Count;
    }

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
