using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Something of the cluster that can be killed and comes back.</summary>
internal abstract class Victim(Testbed testbed)
{
    protected Testbed Testbed => testbed;

    /// <summary>By its name: a part of the testbed, or an application of Margay's.</summary>
    public static Victim Of(Testbed testbed, string name) => name switch
    {
        "margay-node" => new Application(testbed, "node", "margay-node"),
        "margay-api" => new Application(testbed, "apiserver", "margay-server"),
        "margay-controllers" => new Application(testbed, "controllers", "margay-server"),
        _ => new Part(testbed, name),
    };

    /// <summary>SIGKILL, and waits until it serves again.</summary>
    public abstract Task KillAsync();

    /// <summary>A process that the testbed started.</summary>
    private sealed class Part(Testbed testbed, string name) : Victim(testbed)
    {
        public override async Task KillAsync()
        {
            await Testbed.RunAsync("stop-part", name, "KILL");
            try
            {
                await Testbed.RunAsync("start-part", name);
            }
            catch
            {
                // Whoever comes next needs it.
                await CleanUp.RunAsync("--name", Testbed.Name, "start-part", name);
                throw;
            }
        }
    }

    /// <summary>A process in a pod, which kubelet starts again.</summary>
    private sealed class Application(Testbed testbed, string component, string program) : Victim(testbed)
    {
        // kubelet waits 10, 20, 40 ... seconds before it starts a container that ended too often.
        private const int MostRestarts = 2;

        public override async Task KillAsync()
        {
            int running = (await PodsAsync()).Count;
            var (uid, pod, restarts) = await PodAsync();
            var pids = PodProcesses.Of(uid, program);
            Assert.True(pids.Count > 0, $"{pod}: no process {program}");
            foreach (int pid in pids)
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            await Until.FineAsync(async () => PodProcesses.Of(uid, program).Except(pids).Any() ? await TroubleAsync(running) : $"{pod}: {program} does not run again");
            // A new pod, whose container is started without waiting.
            if (restarts + 1 >= MostRestarts) await Testbed.KubectlAsync("-n", "margay-system", "delete", "pod", pod, "--wait=true");
            await Until.FineAsync(() => TroubleAsync(running));
        }

        // The one that comes instead of a deleted pod is made a moment after that has gone.
        private async Task<string?> TroubleAsync(int expected)
        {
            var pods = await PodsAsync();
            var waiting = pods.Where(pod => pod["status"]?["containerStatuses"]?.AsArray().All(container => container!["ready"]!.GetValue<bool>()) != true);
            return pods.Count < expected ? $"there are {pods.Count} of {expected} pods of {component}" : waiting.FirstOrDefault() is { } unready ? $"{unready["metadata"]!["name"]} is not ready: {unready["status"]}" : null;
        }

        /// <summary>Those that have a node and are not on their way out.</summary>
        private async Task<IReadOnlyList<JsonNode>> PodsAsync() =>
            [.. (await Testbed.ListAsync("pods", "-n", "margay-system", "-l", $"app.kubernetes.io/component={component}"))
                .Where(pod => pod["metadata"]!["deletionTimestamp"] is null && pod["spec"]!["nodeName"] is not null)];

        /// <summary>The pod on the first node, where the protected pod is, of those that run on each node.</summary>
        private async Task<(string Uid, string Name, int Restarts)> PodAsync()
        {
            var pod = (await PodsAsync()).OrderBy(found => found["spec"]!["nodeName"]!.GetValue<string>(), StringComparer.Ordinal).First();
            int restarts = pod["status"]!["containerStatuses"]!.AsArray().Max(container => container!["restartCount"]!.GetValue<int>());
            return (pod["metadata"]!["uid"]!.GetValue<string>(), pod["metadata"]!["name"]!.GetValue<string>(), restarts);
        }
    }
}
