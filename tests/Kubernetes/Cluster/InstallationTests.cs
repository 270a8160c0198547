using System.Text.Json.Nodes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>The Installation says how the cluster's Margay is.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class InstallationTests(Testbed testbed)
{
    [Fact]
    public async Task A_node_service_that_cannot_start_is_named_with_its_pod_and_reason()
    {
        await testbed.KubectlAsync("wait", "installation/default", "--for=condition=Ready", "--timeout=300s");
        await testbed.KubectlAsync("-n", "margay-system", "set", "image", "daemonset/margay-node", "node=margay.io/node:nowhere");
        try
        {
            await Until.FineAsync(async () =>
            {
                var degraded = await ConditionAsync("Degraded");
                string message = Text(degraded, "message");
                return Text(degraded, "status") == "True" && message.Contains("pod margay-node-", StringComparison.Ordinal)
                    && message.Contains("container node waits: ", StringComparison.Ordinal) && message.Contains("ImagePull", StringComparison.Ordinal)
                    ? null : degraded.ToJsonString();
            });
            Assert.Equal("False", Text(await ConditionAsync("Ready"), "status"));
        }
        finally
        {
            await testbed.CleanUpAsync("-n", "margay-system", "rollout", "undo", "daemonset/margay-node");
        }
        await testbed.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=300s");
        await testbed.KubectlAsync("wait", "installation/default", "--for=condition=Ready", "--timeout=300s");
    }

    private async Task<JsonNode> ConditionAsync(string type)
    {
        var installation = JsonNode.Parse(await testbed.KubectlAsync("get", "installation/default", "-o", "json"))!;
        return installation["status"]!["conditions"]!.AsArray().Single(condition => Text(condition!, "type") == type)!;
    }

    private static string Text(JsonNode condition, string field) => condition[field]!.GetValue<string>();
}
