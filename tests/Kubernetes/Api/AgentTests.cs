using System.Text;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Informers;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>Agents read custom resources, whatever becomes of the aggregated server.</summary>
[Collection(ControlPlane.OneAtATime)]
public sealed class AgentTests(ControlPlane cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_mode_is_found_out()
    {
        using ClusterStore store = Open();
        Assert.Equal(DatastoreMode.Crd, await store.FindModeAsync(Stop));
    }

    [Fact]
    public async Task Everything_that_agents_follow_is_there_in_the_version_that_the_cluster_has()
    {
        using ClusterStore store = ClusterStore.Open(KubeConfig.Connect(cluster.Agent));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        KindInfo[] core =
        [
            KindRegistry.Of<Namespace>(), KindRegistry.Of<Pod>(), KindRegistry.Of<Node>(), KindRegistry.Of<ServiceAccount>(), KindRegistry.Of<Service>(),
            KindRegistry.Of<EndpointSlice>(), KindRegistry.Of<KubeNetworkPolicy>(), KindRegistry.Of<ClusterNetworkPolicy>(),
        ];
        var sources = CrdKinds.All.Select(kind => kind.Api).Concat(core).Select(kind => new InformerSource(kind)).Append(new InformerSource(KindRegistry.Of<Profile>(), MayBeAbsent: true));
        var troubles = new List<string>();
        var informer = new Informer(store, [.. sources], new InformerOptions { OnTrouble = (kind, cause) => troubles.Add($"{kind}: {cause?.Message}") });
        Task running = informer.RunAsync(end.Token);
        while (!(await ControlPlane.InTimeAsync(informer.Batches.ReadAsync(Stop), () => $"no list is complete; {string.Join(", ", troubles)}")).InSync) Assert.Empty(troubles);
        Assert.Empty(troubles);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_node_service_may_tell_what_it_has_to_tell_about_its_node()
    {
        await cluster.ApplyAsync("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"told"},"status":{"conditions":[{"type":"Ready","status":"True"}]} }""");
        using var agent = new KubeClient(KubeConfig.Connect(cluster.Agent));
        KindInfo nodes = KindRegistry.Of<Node>();
        await agent.PatchAsync(nodes, null, "told", null, "application/merge-patch+json", """{"metadata":{"annotations":{"projectcalico.org/Interfaces":"[]"}}}"""u8.ToArray(), Stop);
        foreach (string type in (string[])["Ready", "NetworkUnavailable"])
        {
            await agent.PatchAsync(
                nodes, null, "told", "status", "application/strategic-merge-patch+json",
                Encoding.UTF8.GetBytes($$$"""{"status":{"conditions":[{"type":"{{{type}}}","status":"False","reason":"MargayIsUp"}]}}"""), Stop);
        }
        using ClusterStore store = Open();
        var node = await store.GetAsync<Node>(null, "told", Stop);
        Assert.Equal("[]", node.Metadata.Annotations!["projectcalico.org/Interfaces"]);
        Assert.Equal(["NetworkUnavailable", "Ready"], node.Status!.Conditions!.Select(c => c.Type).Order());
        await store.DeleteAsync<Node>(null, "told", null, Stop);
    }

    [Fact]
    public async Task An_informer_goes_on_when_the_aggregated_server_is_killed()
    {
        using ClusterStore store = Open();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer(store, [new InformerSource(KindRegistry.Of<GlobalNetworkSet>()), new InformerSource(KindRegistry.Of<Namespace>()), new InformerSource(KindRegistry.Of<EndpointSlice>())]);
        Task running = informer.RunAsync(end.Token);
        await Kubectl.Own(cluster).ExpectInputAsync(Set("before"), "apply", "-f", "-");
        await HeardAsync(informer, "before");
        await cluster.Margay.KillAsync();
        try
        {
            Assert.NotEqual(0, (await Kubectl.Own(cluster).RunAsync("get", "globalnetworksets.projectcalico.org")).Code);
            await store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "after" }, Spec = { Nets = ["198.51.100.0/24"] } }, Stop);
            await HeardAsync(informer, "after");
        }
        finally
        {
            // The other tests need it.
            await cluster.StartMargayAsync();
        }
        await ControlPlane.UntilAsync(
            async () => (await Kubectl.Own(cluster).RunAsync("get", "globalnetworksets.projectcalico.org", "after")).Code == 0, cluster.Margay);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Addresses_come_from_blocks_that_Calico_left()
    {
        await cluster.ApplyAsync(CalicoObjects.Pool);
        await cluster.ApplyAsync(CalicoObjects.Block);
        await cluster.ApplyAsync(CalicoObjects.Affinity);
        using ClusterStore store = Open();
        using var metrics = new IpamMetrics();
        var ipam = new IpamClient(new IpamStore(store), new IpamClientOptions(), metrics, TimeProvider.System);
        var first = await ipam.AssignAsync(CalicoObjects.Request("handle-a"), Stop);
        Assert.Equal(IpAddr.Parse("10.9.0.2"), CalicoObjects.Given(first));
        var block = await store.GetAsync<IPAMBlock>(null, "10-9-0-0-30", Stop);
        Assert.Equal("k8s-pod-network.old", block.Spec.Attributes[block.Spec.Allocations[1]!.Value].HandleId);
    }

    private ClusterStore Open() => ClusterStore.Open(KubeConfig.Connect(cluster.Admin));

    private static async Task HeardAsync(Informer informer, string name)
    {
        while (true)
        {
            InformerBatch batch = await ControlPlane.InTimeAsync(informer.Batches.ReadAsync(Stop), () => $"nothing is heard of {name}");
            if (batch.Updates.Any(update => update.Key.Name == name)) return;
        }
    }

    private static string Set(string name) => $$"""{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"{{name}}"},"spec":{"nets":["192.0.2.0/24"]} }""";
}
