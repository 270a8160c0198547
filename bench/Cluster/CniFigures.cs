using System.Diagnostics;

namespace Margay.Bench.Cluster;

/// <summary>
/// CNI ADD and DEL as a runtime calls them, one process each: our plugin with node service, API server, IPAM and policy
/// behind it, against Debian's <c>ptp</c> with <c>host-local</c>, which has none of these. In turn, so that drift hits both.
/// </summary>
internal static class CniFigures
{
    private const int Rounds = 60;

    /// <summary>One after the other.</summary>
    public static async Task RunInsideAsync(string programs, CancellationToken stop)
    {
        using var scene = await CniScene.StartAsync(programs, 1, stop);
        // The first rounds warm both and are not counted.
        var (add, del) = Compare(scene, pods: 1, Rounds, warmUp: 3);
        foreach (string line in await ClusterScene.NodeMetricsAsync("margay_cni_add_step_duration_seconds_", stop)) Console.WriteLine(line);
        foreach (string line in await ClusterScene.NodeMetricsAsync("margay_cni_request_duration_seconds_", stop)) Console.WriteLine(line);
        Print("ADD", add);
        Print("DEL", del);
    }

    /// <summary>Many at once: the time until the last of them has its answer.</summary>
    public static async Task RunManyInsideAsync(string programs, CancellationToken stop)
    {
        using var scene = await CniScene.StartAsync(programs, 100, stop);
        Compare(scene, 1, 2, 0);
        foreach (int pods in new[] { 1, 10, 50, 100 })
        {
            var (add, del) = Compare(scene, pods, rounds: pods == 1 ? 30 : 5, warmUp: 1);
            Print($"{pods} at once, ADD", add);
            Print($"{pods} at once, DEL", del);
        }
    }

    private static (Times Add, Times Del) Compare(CniScene scene, int pods, int rounds, int warmUp)
    {
        Times add = new([], []), del = new([], []);
        for (int i = -warmUp; i < rounds; i++)
        {
            // Who comes first takes turns as well.
            foreach (bool ours in new[] { i % 2 == 0, i % 2 != 0 })
            {
                string[] containers = [.. Enumerable.Range(0, pods).Select(p => $"bench-{(ours ? "o" : "p")}{i + warmUp}-{p}")];
                foreach (string container in containers) Shell.Run("ip", "netns", "add", container);
                double adding = Time(scene, ours, "ADD", containers), deleting = Time(scene, ours, "DEL", containers);
                foreach (string container in containers) Shell.Run("ip", "netns", "del", container);
                if (i < 0) continue;
                (ours ? add.Ours : add.Peer).Add(adding);
                (ours ? del.Ours : del.Peer).Add(deleting);
            }
        }
        return (add, del);
    }

    private static double Time(CniScene scene, bool ours, string verb, string[] containers)
    {
        long began = Stopwatch.GetTimestamp();
        PluginProcess[] running = [.. containers.Select((container, pod) => scene.Call(ours, verb, container, pod))];
        foreach (var process in running) process.Wait();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Print(string what, Times times) => Console.WriteLine(
        $"{what}: ours {At(times.Ours, 0.5):F1} ms, ptp with host-local {At(times.Peer, 0.5):F1} ms, ratio of medians {At(times.Ours, 0.5) / At(times.Peer, 0.5):F2}, "
        + $"of lower quartiles {At(times.Ours, 0.25) / At(times.Peer, 0.25):F2} ({At(times.Ours, 0.25):F1}, {At(times.Peer, 0.25):F1}), of the best {times.Ours[0] / times.Peer[0]:F2} ({times.Ours[0]:F1}, {times.Peer[0]:F1})");

    private static double At(List<double> values, double part)
    {
        values.Sort();
        return values[(int)(values.Count * part)];
    }

    private sealed record Times(List<double> Ours, List<double> Peer);
}
