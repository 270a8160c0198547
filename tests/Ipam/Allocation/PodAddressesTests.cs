using Margay.Ipam.Allocation;
using Margay.Ipam.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

/// <summary>Through the cluster's datastore (its fake) and everything that decides about a pod's addresses.</summary>
public sealed class PodAddressesTests : IDisposable
{
    private readonly InMemoryDatastore _store = new();
    private readonly IpamMetrics _metrics = new();
    private readonly PodAddresses _addresses;

    public PodAddressesTests()
    {
        var client = new IpamClient(new IpamStore(_store), Cluster.Options, _metrics, TimeProvider.System);
        _addresses = new PodAddresses(client, TimeProvider.System);
    }

    public void Dispose() => _metrics.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task PoolAsync(string name, string cidr, string nodeSelector = "all()", string? mode = null) => await _store.CreateAsync(new IPPool
    {
        Metadata = new() { Name = name },
        Spec = new() { Cidr = cidr, BlockSize = cidr.Contains(':', StringComparison.Ordinal) ? 128 : 32, NodeSelector = nodeSelector, AssignmentMode = mode },
    }, Stop);

    private async Task<string> AddAsync(
        string container, string? podNote = null, string? namespaceNote = null, CniAddressDefaults? defaults = null, bool first = false)
    {
        static Dictionary<string, string>? Notes(string? note) =>
            note?.Split(';').ToDictionary(n => "cni.projectcalico.org/" + n.Split('=')[0], n => n.Split('=')[1]);
        var pod = new Pod { Metadata = new() { Namespace = "shop", Name = "cart", Annotations = Notes(podNote) } };
        var ns = new Namespace { Metadata = new() { Name = "shop", Annotations = Notes(namespaceNote), Labels = new() { ["team"] = "shop" } } };
        var node = new Node { Metadata = new() { Name = "n1", Labels = new() { ["rack"] = "a" } } };
        return (await _addresses.AssignAsync("net", container, pod, ns, node, defaults ?? new(), first, Stop)).Text();
    }

    [Fact]
    public async Task A_first_request_reads_no_handle_and_a_repeated_one_gets_the_same_address_all_the_same()
    {
        await PoolAsync("pool", "10.1.0.0/24");
        var handles = new List<string>();
        _store.Intercept = (verb, key, _) =>
        {
            if (key.Kind == "IPAMHandle") handles.Add(verb);
            return Task.CompletedTask;
        };
        string address = await AddAsync("c1", first: true);
        Assert.Empty(handles);
        Assert.Equal(address, await AddAsync("c1", first: true));
        Assert.Equal(address, await AddAsync("c1"));
        Assert.NotEqual(address, await AddAsync("c2", first: true));
    }

    [Fact]
    public async Task Each_source_of_a_choice_goes_before_the_next()
    {
        await PoolAsync("by-address", "10.1.0.1/32", mode: "Manual");
        await PoolAsync("by-pod", "10.2.0.1/32", mode: "Manual");
        await PoolAsync("by-namespace", "10.3.0.1/32", mode: "Manual");
        await PoolAsync("by-configuration", "10.4.0.1/32", mode: "Manual");
        await PoolAsync("by-node", "10.5.0.1/32", "rack == 'a'");
        await PoolAsync("other-node", "10.6.0.1/32", "rack == 'b'");
        var configured = new CniAddressDefaults(PoolsV4: ["by-configuration"]);
        const string Namespace = """ipv4pools=["by-namespace"]""", Pod = """ipv4pools=["10.2.0.1/32"]""";
        Assert.Equal("10.1.0.1", await AddAsync("c1", Pod + """;ipAddrs=["10.1.0.1"]""", Namespace, configured));
        Assert.Equal("10.2.0.1", await AddAsync("c2", Pod, Namespace, configured));
        Assert.Equal("10.3.0.1", await AddAsync("c3", null, Namespace, configured));
        Assert.Equal("10.4.0.1", await AddAsync("c4", null, null, configured));
        Assert.Equal("10.5.0.1", await AddAsync("c5"));
        Assert.Equal("Exhausted: no free IPv4 address for node n1: pool by-node is full: 1 of 1", await AddAsync("c6"));
    }

    [Fact]
    public async Task A_container_gets_its_addresses_back_and_gives_them_up()
    {
        await PoolAsync("four", "10.1.0.0/31");
        await PoolAsync("six", "fd00::/127");
        var both = new CniAddressDefaults(AssignV6: true);
        string first = await AddAsync("c", defaults: both);
        Assert.Contains(", fd00::", first, StringComparison.Ordinal);
        Assert.Equal(first, await AddAsync("c", defaults: both));
        await _addresses.ReleaseAsync("net", "c", "n1", Stop);
        await _addresses.ReleaseAsync("net", "c", "n1", Stop);
        Assert.All((await _store.ListAsync<IPAMBlock>(new Scope(), Stop)).SelectMany(b => b.Spec.Allocations), Assert.Null);
    }

    [Fact]
    public async Task A_broken_annotation_refuses_the_pod_and_says_which() =>
        Assert.StartsWith("Invalid: annotation cni.projectcalico.org/ipv4pools of pod shop/cart is not JSON", await AddAsync("c", "ipv4pools=four"), StringComparison.Ordinal);

    [Fact]
    public async Task Lost_races_at_the_datastore_are_values()
    {
        var store = new IpamStore(_store);
        var made = (await store.CreateAsync(new IPAMHandle { Metadata = new() { Name = "h" }, Spec = new() { HandleId = "h" } }, Stop)).Value!;
        Assert.Equal(WriteStatus.Exists, (await store.CreateAsync(new IPAMHandle { Metadata = new() { Name = "h" }, Spec = new() { HandleId = "h" } }, Stop)).Status);
        var next = new IPAMHandle { Metadata = made.Metadata, Spec = new() { HandleId = "h", Block = new() { ["10.0.0.0/26"] = 1 } } };
        Assert.Equal(WriteStatus.Done, (await store.UpdateAsync(next, Stop)).Status);
        Assert.Equal(WriteStatus.Conflict, (await store.UpdateAsync(new IPAMHandle { Metadata = made.Metadata, Spec = new() { HandleId = "x" } }, Stop)).Status);
        Assert.Equal(WriteStatus.Conflict, await store.DeleteAsync(made, Stop));
        var current = await store.GetAsync<IPAMHandle>("h", Stop);
        Assert.Equal(WriteStatus.Done, await store.DeleteAsync(current!, Stop));
        Assert.Equal(WriteStatus.Missing, await store.DeleteAsync(current!, Stop));
        Assert.Equal(WriteStatus.Missing, (await store.UpdateAsync(current!, Stop)).Status);
        Assert.Null(await store.GetAsync<IPAMHandle>("h", Stop));
    }
}
