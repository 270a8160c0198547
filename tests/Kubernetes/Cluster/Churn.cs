using System.Text.Json.Nodes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Pods that come and go all the time, and a look at their addresses each time.</summary>
internal sealed class Churn(Testbed testbed, string @namespace)
{
    private static readonly int[] _replicas = [8, 2, 6, 0];
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(700);

    /// <summary>How often the number of pods was changed.</summary>
    public int Rounds { get; private set; }

    /// <summary>Runs until <paramref name="stop"/> ends. The API server may be away; an address that two pods have may not be.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var scaled = await testbed.TryKubectlAsync("-n", @namespace, "scale", "deployment/churn", $"--replicas={_replicas[Rounds % _replicas.Length]}", "--request-timeout=5s");
            if (scaled.ExitCode == 0) Rounds++;
            var listed = await testbed.TryKubectlAsync("get", "pods", "-A", "-o", "json", "--request-timeout=5s");
            if (listed.ExitCode == 0) Assert.Empty(Doubled(JsonNode.Parse(listed.Output)!["items"]!.AsArray()));
            await Task.Delay(_pause, CancellationToken.None);
        }
    }

    /// <summary>Leaves so many pods, all ready.</summary>
    public async Task SettleAsync(int replicas)
    {
        await testbed.KubectlAsync("-n", @namespace, "scale", "deployment/churn", $"--replicas={replicas}");
        await testbed.KubectlAsync("-n", @namespace, "rollout", "status", "deployment/churn", "--timeout=240s");
    }

    /// <summary>Addresses that more than one pod has. A pod that is being deleted may have given its address back.</summary>
    public static IReadOnlyList<string> Doubled(IEnumerable<JsonNode?> pods) =>
    [
        .. pods
            .Where(pod => pod!["metadata"]!["deletionTimestamp"] is null && pod["spec"]!["hostNetwork"] is null && pod["status"]!["phase"]!.GetValue<string>() is "Running" or "Pending")
            .Where(pod => pod!["status"]!["podIP"] is not null)
            .GroupBy(pod => pod!["status"]!["podIP"]!.GetValue<string>(), StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(pod => pod!["metadata"]!["name"]))}"),
    ];
}
