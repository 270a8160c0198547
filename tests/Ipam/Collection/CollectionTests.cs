using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Ipam.Tests.Support;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Collection;

public sealed class CollectionTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Cluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    private async Task<IpAddr> Start(string pod, string node)
    {
        var address = (await _cluster.Client().AssignAsync(_cluster.Request(pod, node), Stop)).One().Address;
        _cluster.Node(node).Pod(pod, node, address.ToString());
        return address;
    }

    private async Task<AuditReport> Audit() => IpamAudit.Examine(await IpamSnapshot.ReadAsync(_cluster.Store, Stop));

    private static string[] Texts(AuditReport report) => [.. report.Findings.Select(f => $"{(f.IsNote ? "note " : "")}{f.Kind} {f.Subject}: {f.Explanation}")];

    [Fact]
    public async Task A_leak_is_released_only_when_seen_twice_and_a_grace_period_apart()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var address = await Start("a", "n1");
        _cluster.Store.Remove<Pod>("a", "shop");
        var collector = _cluster.Collector();
        Assert.Equal((1, 0), await Round());
        _cluster.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal((1, 0), await Round());
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));
        var result = await collector.RunAsync(Stop);
        Assert.Equal((address, "pod shop/a is gone"), Assert.Single(result.Released));
        Assert.Equal((0, 0), await Round());

        async Task<(int, int)> Round()
        {
            var r = await collector.RunAsync(Stop);
            return (r.Suspected, r.Released.Count);
        }
    }

    [Fact]
    public async Task A_pod_that_comes_back_starts_the_grace_period_anew()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var address = await Start("a", "n1");
        var collector = _cluster.Collector();
        _cluster.Store.Remove<Pod>("a", "shop");
        await collector.RunAsync(Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(10));
        _cluster.Pod("a", "n1", address.ToString());
        Assert.Equal(0, (await collector.RunAsync(Stop)).Suspected);
        _cluster.Store.Remove<Pod>("a", "shop");
        _cluster.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty((await collector.RunAsync(Stop)).Released);
    }

    [Fact]
    public async Task Addresses_of_a_node_that_is_gone_go_and_its_block_after_them()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        await Start("a", "n1");
        _cluster.Store.Remove<Pod>("a", "shop");
        _cluster.Store.Remove<Node>("n1");
        var collector = _cluster.Collector();
        var reasons = new List<string>();
        for (int i = 0; i < 4; i++)
        {
            reasons.AddRange((await collector.RunAsync(Stop)).Released.Select(r => r.Reason));
            _cluster.Time.Advance(TimeSpan.FromMinutes(16));
        }
        Assert.Equal(["pod shop/a and node n1 are gone"], reasons);
        Assert.Empty(_cluster.Store.All<IPAMBlock>());
        Assert.Empty(_cluster.Store.All<BlockAffinity>());
    }

    [Fact]
    public async Task The_last_block_of_a_node_stays_with_it_when_it_is_empty()
    {
        _cluster.Pool("p", "10.0.0.0/29", s => s.BlockSize = 31);
        foreach (string pod in (string[])["a", "b", "c"]) await Start(pod, "n1");
        Assert.Equal(2, _cluster.Store.All<IPAMBlock>().Count);
        var client = _cluster.Client();
        foreach (string pod in (string[])["a", "b", "c"])
        {
            await client.ReleaseHandleAsync($"k8s-pod-network.{pod}", "n1", Stop);
            _cluster.Store.Remove<Pod>(pod, "shop");
        }
        var collector = _cluster.Collector();
        await collector.RunAsync(Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(1, (await collector.RunAsync(Stop)).BlocksGivenUp);
        Assert.Single(_cluster.Store.All<IPAMBlock>());
    }

    [Fact]
    public async Task An_address_that_does_not_say_whose_it_is_stays()
    {
        _cluster.Pool("p", "10.0.0.0/24").Node("n1");
        await _cluster.Client().AssignAsync(new AddressRequest("mine", "n1", null, new Dictionary<string, string> { ["node"] = "n1" }) { CountV4 = 1 }, Stop);
        var collector = _cluster.Collector();
        await collector.RunAsync(Stop);
        _cluster.Time.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await collector.RunAsync(Stop)).Released);
        Assert.Equal(["note NoOwner 10.0.0.0: handle mine: does not say which pod has it"], Texts(await Audit()).Select(t => t.Replace("10.0.0.64", "10.0.0.0", StringComparison.Ordinal).Replace("10.0.0.128", "10.0.0.0", StringComparison.Ordinal).Replace("10.0.0.192", "10.0.0.0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_audit_of_a_sound_cluster_finds_nothing()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 30);
        await Start("a", "n1");
        await Start("b", "n2");
        var report = await Audit();
        Assert.Empty(report.Findings);
        Assert.Equal((1, 2, 0), (report.Blocks, report.Allocations, report.Problems));
    }

    [Fact]
    public async Task The_audit_names_every_kind_of_trouble()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 30);
        var a = await Start("a", "n1");
        var b = await Start("b", "n2");
        _cluster.Pod("twin", "n1", a.ToString());
        _cluster.Pod("stranger", "n1", "10.0.0.3");
        _cluster.Pod("b", "n2", "10.0.0.99");
        _cluster.Store.Remove<IPAMHandle>("k8s-pod-network.b");
        _cluster.Store.Put(new IPAMHandle { Metadata = new() { Name = "ghost" }, Spec = new() { HandleId = "Ghost", Block = new() { ["10.0.0.0/30"] = 2 } } });
        _cluster.Store.Put(new BlockAffinity { Metadata = new() { Name = "n9-10-0-0-0-30" }, Spec = new() { State = "confirmed", Node = "n9", Cidr = "10.0.0.0/30", Type = "host" } });
        _cluster.Store.Put(new BlockAffinity { Metadata = new() { Name = "n2-10-9-0-0-30" }, Spec = new() { State = "pending", Node = "n2", Cidr = "10.9.0.0/30", Type = "host" } });
        var orphan = _cluster.Store.All<IPAMBlock>().Single();
        orphan.Metadata = new() { Name = "10-8-0-0-30" };
        (orphan.Spec.Cidr, orphan.Spec.Allocations, orphan.Spec.Unallocated, orphan.Spec.Affinity) = ("10.8.0.0/30", [null, null, null, null], [0, 1, 2, 3], "host:n1");
        _cluster.Store.Put(orphan);

        var report = await Audit();
        Assert.Equal(
        [
            $"DoubledAddress {a}: is in use by 2 pods: shop/a, shop/twin",
            "NotAllocated 10.0.0.3: is in use by pod shop/stranger and in pool p, but not allocated: it may be given to another pod",
            $"Leaked {b}: pod shop/b has other addresses (10.0.0.99); handle k8s-pod-network.b",
            "OrphanHandle Ghost: its object promises 2 addresses in block 10.0.0.0/30, where it has 0",
            $"MissingHandle k8s-pod-network.b: has {b} in block 10.0.0.0/30 of host:n1, and no object says so",
            "BlockWithoutPool 10.8.0.0/30: lies in no pool; 0 of 4 addresses are given, and nothing new is given from it",
            "AffinityMismatch n9-10-0-0-0-30: is confirmed, but block 10.0.0.0/30 belongs to host:n1",
            "AffinityMismatch n9-10-0-0-0-30: claims block 10.0.0.0/30, and so does n1-10-0-0-0-30",
            "AffinityMismatch 10.8.0.0/30: belongs to host:n1, which has no affinity for it; the next request of that node mends it",
            "NodeGone n9-10-0-0-0-30: node n9 does not exist; its blocks go when they are empty",
            "note AffinityMismatch n2-10-9-0-0-30: is pending: a claim or its end is under way, or was cut off",
        ], Texts(report));
        Assert.Equal(b, Assert.Single(report.Leaks).Address);
    }

    [Fact]
    public async Task The_figures_count_what_can_still_be_given()
    {
        _cluster.Pool("p", "10.0.0.0/29", s => s.BlockSize = 30).Pool("six", "fd00::/64").Reserve("10.0.0.0/31", "10.0.0.0");
        await Start("a", "n1");
        await Start("b", "n2");
        await _cluster.Client().AssignAddressesAsync(_cluster.Request("c", "n1"), [IpAddr.Parse("10.0.0.0")], Stop);
        var usage = IpamUsage.Of(await IpamSnapshot.ReadAsync(_cluster.Store, Stop));
        var pool = usage[0].Pool;
        Assert.Equal((8, 3, 2, 4), ((int)pool.Capacity, (int)pool.InUse, (int)pool.Reserved, (int)pool.Available));
        Assert.Equal(4, usage[0].Blocks.Sum(b => (int)b.Available));
        Assert.Equal(["host:n1", "host:n2"], usage[0].Blocks.Select(b => b.Name).Order());
        Assert.Equal((UInt128.One << 64, 0), (usage[1].Pool.Available, usage[1].Blocks.Count));
    }

    [Fact]
    public async Task Borrowed_addresses_are_listed_with_both_nodes()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 30);
        await Start("a", "n1");
        var b = await Start("b", "n2");
        Assert.Equal([new BorrowedAddress(b, IpPrefix.Parse("10.0.0.0/30"), "host:n1", "n2", "shop/b")],
            IpamUsage.Borrowed(await IpamSnapshot.ReadAsync(_cluster.Store, Stop)));
    }

    [Fact]
    public async Task A_person_cannot_release_an_address_from_under_a_pod_without_force()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var a = await Start("a", "n1");
        var b = await Start("b", "n1");
        _cluster.Store.Remove<Pod>("b", "shop");
        var results = await IpamRelease.ExecuteAsync(_cluster.Store, _cluster.Client(), [a, b, IpAddr.Parse("10.9.9.9")], force: false, Stop);
        Assert.Equal(["False is in use by pod shop/a; only force releases it", "True released: pod shop/b is gone", "False is not allocated"],
            results.Select(r => $"{r.Released} {r.Explanation}"));
        Assert.True((await IpamRelease.ExecuteAsync(_cluster.Store, _cluster.Client(), [a], force: true, Stop))[0].Released);
    }
}
