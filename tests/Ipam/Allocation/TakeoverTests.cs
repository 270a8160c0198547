using System.Text;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

/// <summary>Custom resources as a node of an older Calico left them: no labels on the claim, a pod that has an address.</summary>
public sealed class TakeoverTests : IDisposable
{
    private readonly InMemoryDatastore _server = new();
    private readonly IpamMetrics _metrics = new();
    private readonly CrdStore _store;
    private readonly IpamClient _ipam;

    public TakeoverTests()
    {
        _store = new CrdStore(_server);
        _ipam = new IpamClient(new IpamStore(_store), new IpamClientOptions(), _metrics, TimeProvider.System);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task A_node_goes_on_with_the_block_it_had_and_the_pod_keeps_its_address()
    {
        await CalicoAsync();
        var given = Assert.Single(Assert.IsType<Assigned>(await _ipam.AssignAsync(Request("k8s-pod-network.new"), Stop)).Addresses);
        Assert.Equal(IpAddr.Parse("10.9.0.2"), given.Address);
        Assert.False(given.Borrowed);
        var block = await _store.GetAsync<IPAMBlock>(null, "10-9-0-0-30", Stop);
        Assert.Equal("k8s-pod-network.old", block.Spec.Attributes[block.Spec.Allocations[1]!.Value].HandleId);
        Assert.Equal("cart", block.Spec.Attributes[block.Spec.Allocations[1]!.Value].ActiveOwnerAttrs!["pod"]);
    }

    [Fact]
    public async Task A_pod_that_had_an_address_gets_the_same_again_under_its_handle()
    {
        await CalicoAsync();
        var given = Assert.Single(Assert.IsType<Assigned>(await _ipam.AssignAsync(Request("k8s-pod-network.old"), Stop)).Addresses);
        Assert.Equal(IpAddr.Parse("10.9.0.1"), given.Address);
    }

    [Fact]
    public async Task What_is_written_is_in_the_stored_form_that_was_found()
    {
        await CalicoAsync();
        await _ipam.AssignAsync(Request("k8s-pod-network.new"), Stop);
        var stored = (AnyResource)await _server.GetAsync(Kind("IPAMBlock").Stored, null, "10-9-0-0-30", Stop);
        var spec = stored.Other!["spec"];
        Assert.Equal("host:node-1", spec.GetProperty("affinity").GetString());
        Assert.False(spec.GetProperty("strictAffinity").GetBoolean());
        Assert.Equal([3, 0], spec.GetProperty("unallocated").EnumerateArray().Select(o => o.GetInt32()));
        var claim = (AnyResource)await _server.GetAsync(Kind("BlockAffinity").Stored, null, "node-1-10-9-0-0-30", Stop);
        Assert.Equal("false", claim.Other!["spec"].GetProperty("deleted").GetString());
    }

    private static AddressRequest Request(string handle) =>
        new(handle, "node-1", null, AddressRequest.OfPod("shop", "web", "node-1", DateTimeOffset.UnixEpoch)) { CountV4 = 1 };

    private static CrdKind Kind(string kind) => CrdKinds.FindStored(CrdKind.ApiVersion, kind)!;

    private async Task CalicoAsync()
    {
        await StoreAsync("IPPool", "old-pool", """{"cidr":"10.9.0.0/16","blockSize":30,"ipipMode":"Never","vxlanMode":"Never","natOutgoing":true,"nodeSelector":"all()","allowedUses":["Workload","Tunnel"]}""");
        await StoreAsync("IPAMBlock", "10-9-0-0-30", """
            {"cidr":"10.9.0.0/30","affinity":"host:node-1","strictAffinity":false,"deleted":false,"allocations":[null,0,null,null],"unallocated":[2,3,0],
             "attributes":[{"handle_id":"k8s-pod-network.old","secondary":{"namespace":"shop","node":"node-1","pod":"cart","timestamp":"2022-03-04 05:06:07.123456 +0000 UTC"} }],
             "sequenceNumber":5,"sequenceNumberForAllocation":{"1":4} }
            """);
        await StoreAsync("BlockAffinity", "node-1-10-9-0-0-30", """{"cidr":"10.9.0.0/30","node":"node-1","state":"confirmed","deleted":"false"}""");
    }

    private async Task StoreAsync(string kind, string name, string spec) =>
        await _server.CreateAsync(Kind(kind).Stored, Kind(kind).Stored.Read(Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"name":"{{{name}}}","annotations":{"projectcalico.org/metadata":"{\"creationTimestamp\":null}"} },"spec":{{{spec}}} }""")), Stop);
}
