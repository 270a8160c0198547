using Margay.Lab.Processes;
using Margay.Lab.Topology;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>What the kernels and the services of a lab say at the moment a test fails: afterwards the lab is gone.</summary>
internal static class Evidence
{
    private static readonly string[][] Questions =
    [
        ["nft", "list", "ruleset"], ["conntrack", "-L"], ["ip", "route"], ["ip", "-6", "route"], ["ip", "neighbour"], ["ip", "-s", "link"],
    ];

    /// <summary>Writes it to a new folder.</summary>
    /// <returns>The folder.</returns>
    public static async Task<string> CollectAsync(LabLayout layout, IEnumerable<string> nodes, CancellationToken stop)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "margay-logs", $"evidence-{Guid.NewGuid():N}")).FullName;
        foreach (string log in Directory.GetFiles(layout.Logs)) File.Copy(log, Path.Combine(folder, Path.GetFileName(log)));
        foreach (string node in nodes)
        {
            foreach (string[] question in Questions)
            {
                var answer = await Command.RunAsync("ip", ["netns", "exec", $"{layout.Lab}-{node}", .. question], stop);
                await File.WriteAllTextAsync(Path.Combine(folder, $"{node} {string.Join(' ', question)}"), answer.Output + answer.Error, stop);
            }
        }

        return folder;
    }
}
