namespace Margay.ApiServer.Tests.Kubectl;

public sealed class WatchTests(KubectlCluster cluster) : KubectlTestBase(cluster)
{
    [Theory, MemberData(nameof(Programs))]
    public async Task Wait_returns_when_the_condition_holds_and_when_the_object_is_gone(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.Pod("a"), "create", "-f", "-");

        var waiting = kubectl.RunAsync(["wait", "--for=condition=Ready", "pod/a", "--timeout=30s"], null, null);
        await kubectl.Ok("patch", "pod", "a", "--type=merge", "-p", """{"metadata":{"annotations":{"x":"y"}}}""");
        await SetReadyAsync(kubectl, "a");
        var met = await waiting;
        Assert.True(met.Exit == 0, met.ToString());

        var gone = kubectl.RunAsync(["wait", "--for=delete", "pod/a", "--timeout=30s"], null, null);
        await kubectl.Ok("delete", "pod", "a", "--wait=false", "--grace-period=0", "--force");
        var deleted = await gone;
        // When the deletion was faster than the first look, kubectl 1.20 says that there is nothing to wait for.
        Assert.True(deleted.Exit == 0 || deleted.Errors.Contains("no matching resources found", StringComparison.Ordinal), deleted.ToString());
    }

    [Theory, MemberData(nameof(Programs))]
    public async Task Get_with_watch_prints_changes_as_rows(string program)
    {
        await using var kubectl = await StartAsync(program);
        await kubectl.OkWith(Manifests.CalicoPolicy("c"), "create", "-f", "-");

        await using var watch = kubectl.Watch("get", "cnp", "-w");
        Assert.Contains("TIER", await watch.LineAsync(), StringComparison.Ordinal);
        Assert.Matches(@"^c\s+default\s+100\s", await watch.LineAsync());
        await kubectl.Ok("patch", "cnp", "c", "--type=merge", "-p", """{"spec":{"order":7}}""");
        Assert.Matches(@"^c\s+default\s+7\s", await watch.LineAsync());
    }

    private static async Task SetReadyAsync(KubectlSession kubectl, string pod)
    {
        // kubectl 1.20 cannot write a status, so this goes through its proxy-less raw replace.
        var file = Path.GetTempFileName();
        try
        {
            var live = System.Text.Json.Nodes.JsonNode.Parse(await kubectl.Ok("get", "pod", pod, "-o", "json"))!;
            live["status"] = System.Text.Json.Nodes.JsonNode.Parse("""{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}""");
            await File.WriteAllTextAsync(file, live.ToJsonString(), TestContext.Current.CancellationToken);
            await kubectl.Ok("replace", "--raw", $"/api/v1/namespaces/{kubectl.Namespace}/pods/{pod}/status", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
