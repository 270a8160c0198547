using Margay.Api;

namespace Margay.Samples;

/// <summary>Follows policies by a cache: reads cost nothing, changes come as they happen.</summary>
public static class CountPolicies
{
    public static async Task RunAsync(MargayClient client, TextWriter output, CancellationToken stop)
    {
        await using var policies = client.NetworkPolicies.Cache();
        await policies.InSync.WaitAsync(stop);
        await output.WriteLineAsync($"{policies.Items.Count} policies");

        await foreach (var (type, policy) in policies.ChangesAsync(stop))
            await output.WriteLineAsync($"{type} {policy.Metadata.Namespace}/{policy.Metadata.Name}: {policies.Items.Count} policies");
    }
}
