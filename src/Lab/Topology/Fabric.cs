using Margay.Lab.Processes;

namespace Margay.Lab.Topology;

/// <summary>Makes the kernel hold a plan, and removes it again; with the <c>ip</c> program, which is enough for a lab.</summary>
internal static class Fabric
{
    // Nodes forward packets between pods and the fabric; IPv6 addresses must be usable at once, and no router is listened to.
    private const string MachineSettings =
        "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; " +
        "echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; " +
        "echo 0 > /proc/sys/net/ipv6/conf/all/accept_ra; echo 0 > /proc/sys/net/ipv6/conf/default/accept_ra";

    /// <summary>The machine's named network namespaces.</summary>
    public static async Task<HashSet<string>> NamespacesAsync(CancellationToken stop)
    {
        var listing = await Command.RequireAsync("ip", ["netns", "list"], stop);
        return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
    }

    /// <summary>Makes the fabric when it is not there, or not whole; true when it had to be made.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="outside">Programs outside; their addresses belong to the internet machine.</param>
    /// <param name="completeFile">A file that exists when the fabric is whole; below /run, so that it goes when the machine restarts.</param>
    /// <param name="stop">Ends the work.</param>
    public static async Task<bool> EnsureAsync(
        LabPlan plan, IReadOnlyList<OutsideHost> outside, string completeFile, CancellationToken stop)
    {
        var existing = await NamespacesAsync(stop);
        if (File.Exists(completeFile) && plan.NetworkNamespaces.All(existing.Contains)) return false;
        File.Delete(completeFile);

        // A part of a fabric is of no use, and what is in it cannot be trusted to be like the plan.
        foreach (string netns in existing.Where(name => LabPlan.Owns(plan.Lab, name))) await RemoveNamespaceAsync(netns, stop);
        await BatchAsync(null, FabricScript.Namespaces(plan, new HashSet<string>()), stop);
        foreach (var machine in plan.Machines)
            await Command.RequireAsync("ip", ["netns", "exec", machine.Netns, "sh", "-c", MachineSettings], stop);
        await BatchAsync(plan.FabricNetns, FabricScript.Bridge(plan), stop);
        string[] addresses = [.. outside.SelectMany(host => host.Addresses).Distinct()];
        foreach (var machine in plan.Machines) await BatchAsync(machine.Netns, FabricScript.Machine(plan, machine, addresses), stop);
        await File.WriteAllTextAsync(completeFile, "", stop);
        return true;
    }

    /// <summary>Gives the outside addresses to the internet machine; addresses it has already are left alone.</summary>
    public static Task EnsureOutsideAsync(LabPlan plan, IReadOnlyList<OutsideHost> outside, CancellationToken stop) =>
        BatchAsync(
            plan.Internet.Netns, outside.SelectMany(host => host.Addresses).Distinct().Select(address => $"addr replace {address} dev lo"), stop);

    /// <summary>Ends every process in a namespace and removes it.</summary>
    public static async Task RemoveNamespaceAsync(string netns, CancellationToken stop)
    {
        await NetnsProcesses.EndAsync([netns], TimeSpan.FromSeconds(1), stop);
        await Command.RequireAsync("ip", ["netns", "delete", netns], stop);
    }

    /// <summary>
    /// Removes the directory of namespaces, a mount that <c>ip netns add</c> makes with the first namespace of a
    /// machine, when nobody has a namespace any more.
    /// </summary>
    public static async Task RemoveEmptyNamespaceMountAsync(CancellationToken stop)
    {
        const string Directory = "/run/netns";
        if (!System.IO.Directory.Exists(Directory) || System.IO.Directory.EnumerateFileSystemEntries(Directory).Any()) return;
        await Command.RunAsync("umount", [Directory], stop);
        await Command.RunAsync("rmdir", [Directory], stop);
    }

    private static async Task BatchAsync(string? netns, IEnumerable<string> lines, CancellationToken stop)
    {
        string script = string.Join('\n', lines);
        if (script.Length == 0) return;
        string[] arguments = netns is null ? ["-batch", "-"] : ["-n", netns, "-batch", "-"];
        await Command.RequireAsync("ip", arguments, stop, script + "\n");
    }
}
