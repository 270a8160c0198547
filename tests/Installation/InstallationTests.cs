using System.Text.Json.Nodes;
using Xunit;

namespace Margay.Installation.Tests;

public sealed class InstallationTests : IDisposable
{
    private const string Path = "apis/operator.margay.io/v1/installations/default";
    private const string Apps = "apis/apps/v1/namespaces/margay-system";
    private const string Pods = "api/v1/namespaces/margay-system/pods";
    private const string Pools = "apis/crd.projectcalico.org/v1/ippools";
    private readonly FakeDocuments _cluster = new();
    private readonly InstallationController _controller;

    public InstallationTests()
    {
        _controller = new InstallationController(_cluster, "margay-system", TimeProvider.System);
        Set(Path, """{"metadata":{"name":"default","generation":3},"spec":{"calicoNetwork":{"ipPools":[{"cidr":"10.244.0.0/16","encapsulation":"VXLANCrossSubnet"}]}}}""");
        Set($"{Apps}/daemonsets/margay-node", """{"kind":"DaemonSet","metadata":{"name":"margay-node","generation":1},"status":{"observedGeneration":1,"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberReady":2}}""");
        Set($"{Apps}/deployments/margay-controllers", """{"kind":"Deployment","metadata":{"name":"margay-controllers","generation":1},"spec":{"replicas":2},"status":{"observedGeneration":1,"updatedReplicas":2,"readyReplicas":2}}""");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_ready_is_ready_and_neither_progressing_nor_degraded()
    {
        await _controller.RunOnceAsync(Stop);
        Assert.Equal(("True", "AllReady"), Of("Ready"));
        Assert.Equal(("False", "AllReady"), Of("Progressing"));
        Assert.Equal(("False", "AllReady"), Of("Degraded"));
        Assert.Equal(3, Condition("Ready").Number("observedGeneration"));
    }

    [Fact]
    public async Task The_same_cluster_is_written_once()
    {
        await _controller.RunOnceAsync(Stop);
        Assert.False(await _controller.RunOnceAsync(Stop));
    }

    [Fact]
    public async Task Without_an_Installation_nothing_is_done()
    {
        _cluster.Objects.Remove(Path);
        Assert.False(await _controller.RunOnceAsync(Stop));
        Assert.Empty(_cluster.Writes);
    }

    [Fact]
    public async Task A_node_that_cannot_pull_the_image_is_named_with_the_cause()
    {
        Set($"{Apps}/daemonsets/margay-node", """{"kind":"DaemonSet","metadata":{"name":"margay-node"},"status":{"desiredNumberScheduled":2,"updatedNumberScheduled":2,"numberReady":1}}""");
        Set($"{Pods}/margay-node-x", """
            {"metadata":{"name":"margay-node-x"},"spec":{"nodeName":"n2"},"status":{"phase":"Pending","containerStatuses":[
              {"name":"node","ready":false,"state":{"waiting":{"reason":"ImagePullBackOff","message":"no such host"}}}]}}
            """);
        await _controller.RunOnceAsync(Stop);
        Assert.Equal(("True", "NodesNotReady"), Of("Degraded"));
        Assert.Equal(("False", "NodesNotReady"), Of("Ready"));
        Assert.Equal(
            "margay-node is ready on 1 of 2 nodes; pod margay-node-x on node n2: container node waits: ImagePullBackOff no such host",
            Condition("Degraded").Text("message"));
    }

    [Fact]
    public async Task A_rollout_is_progress_and_not_ready()
    {
        Set($"{Apps}/daemonsets/margay-node", """{"kind":"DaemonSet","metadata":{"name":"margay-node","generation":2},"status":{"observedGeneration":2,"desiredNumberScheduled":2,"updatedNumberScheduled":1,"numberReady":2}}""");
        await _controller.RunOnceAsync(Stop);
        Assert.Equal(("True", "RollingOut"), Of("Progressing"));
        Assert.Equal("margay-node: 1 of 2 have the new version", Condition("Progressing").Text("message"));
        Assert.Equal("False", Of("Ready").Status);
        Assert.Equal("False", Of("Degraded").Status);
    }

    [Fact]
    public async Task No_agent_at_all_says_what_to_do()
    {
        _cluster.Objects.Remove($"{Apps}/daemonsets/margay-node");
        await _controller.RunOnceAsync(Stop);
        Assert.Equal("NodeServiceMissing", Of("Degraded").Reason);
    }

    [Theory]
    [InlineData("""{"cni":{"type":"Flannel"}}""", "spec.cni.type: \"Flannel\": use Calico")]
    [InlineData("""{"calicoNetwork":{"linuxDataplane":"VPP"}}""", "spec.calicoNetwork.linuxDataplane: \"VPP\"")]
    [InlineData("""{"calicoNetwork":{"ipPools":[{"cidr":"10.0.0.0/16"},{"encapsulation":"GRE"}]}}""", "spec.calicoNetwork.ipPools[1].cidr")]
    public async Task What_the_specification_asks_for_in_vain_is_degraded_by_field(string spec, string says)
    {
        Set(Path, $$$"""{"metadata":{"name":"default","generation":1},"spec":{{{spec}}}}""");
        await _controller.RunOnceAsync(Stop);
        Assert.Equal(("True", "InvalidSpec"), Of("Degraded"));
        Assert.Contains(says, Condition("Degraded").Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain(_cluster.Writes, write => write.StartsWith("create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_pool_is_made_and_an_existing_one_left_alone()
    {
        await _controller.RunOnceAsync(Stop);
        var spec = _cluster.Objects[$"{Pools}/default-ipv4-ippool"]["spec"];
        Assert.Equal(("10.244.0.0/16", "CrossSubnet", "Never", 26), (spec.Text("cidr"), spec.Text("vxlanMode"), spec.Text("ipipMode"), spec.Number("blockSize")));
        _cluster.Writes.Clear();
        await _controller.RunOnceAsync(Stop);
        Assert.Empty(_cluster.Writes);
    }

    [Fact]
    public async Task Times_move_only_when_a_condition_changes()
    {
        Set(Path, """{"metadata":{"name":"default","generation":4},"status":{"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2020-01-01T00:00:00Z"},{"type":"Degraded","status":"True","lastTransitionTime":"2020-01-01T00:00:00Z"}]}}""");
        await _controller.RunOnceAsync(Stop);
        Assert.Equal("2020-01-01T00:00:00Z", Condition("Ready").Text("lastTransitionTime"));
        Assert.NotEqual("2020-01-01T00:00:00Z", Condition("Degraded").Text("lastTransitionTime"));
    }

    public void Dispose() => _controller.Dispose();

    private void Set(string path, string json) => _cluster.Objects[path] = JsonNode.Parse(json)!.AsObject();

    private JsonNode Condition(string type) => _cluster.Objects[Path].Items("status", "conditions").Single(condition => condition.Text("type") == type);

    private (string? Status, string? Reason) Of(string type) => (Condition(type).Text("status"), Condition(type).Text("reason"));
}
