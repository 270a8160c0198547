using System.Text.RegularExpressions;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>
/// The processes of pods as this machine numbers them, found by their control groups: kubelet names a pod's group by the
/// pod's uid, in both versions of control groups.
/// </summary>
internal static partial class PodProcesses
{
    /// <summary>A process of each pod, which stands for the pod's network namespace: <c>/proc/PID/ns/net</c> by uid.</summary>
    public static IReadOnlyDictionary<string, string> NetworkNamespaces()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (uid, pid) in All()) found[uid] = $"/proc/{pid}/ns/net";
        return found;
    }

    /// <summary>The processes of a pod that run a program of this name.</summary>
    public static IReadOnlyList<int> Of(string uid, string program) =>
        [.. All().Where(process => process.Uid == uid && Read(process.Pid, "comm").Trim() == program).Select(process => process.Pid)];

    private static IEnumerable<(string Uid, int Pid)> All()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out int pid)) continue;
            string groups = Read(pid, "cgroup");
            if (groups.Contains($"margay-testbed/{Testbed.Name}/", StringComparison.Ordinal) && PodGroup().Match(groups) is { Success: true } match)
                yield return (match.Groups[1].Value, pid);
        }
    }

    // A process may end while it is looked at.
    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex("/pod([0-9a-f-]{36})/")]
    private static partial Regex PodGroup();
}
