using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Tests.Support;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

public sealed class AssignTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Cluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task The_first_address_of_a_node_claims_a_block_in_two_phases()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var address = (await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop)).One();
        var block = Assert.Single(_cluster.Store.All<IPAMBlock>());
        Assert.Equal("host:n1", block.Spec.Affinity);
        Assert.Equal(address.Block.ToString(), block.Spec.Cidr);
        var affinity = Assert.Single(_cluster.Store.All<BlockAffinity>());
        Assert.Equal(("confirmed", "n1", "host", block.Spec.Cidr), (affinity.Spec.State, affinity.Spec.Node, affinity.Spec.Type, affinity.Spec.Cidr));
        Assert.Equal("k8s-pod-network.a", block.Spec.Attributes[0].HandleId);
        Assert.Equal("n1", block.Spec.Attributes[0].ActiveOwnerAttrs!["node"]);
        Assert.Empty(_cluster.Store.All<IPAMHandle>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_further_pod_costs_one_write(bool soleWriter)
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var client = _cluster.Client(Cluster.Options with { SoleWriterOfNode = soleWriter });
        await client.AssignAsync(_cluster.Request("a", "n1"), Stop);
        int before = _cluster.Store.Writes;
        for (int i = 0; i < 20; i++) Assert.IsType<Assigned>(await client.AssignAsync(_cluster.Request($"p{i}", "n1"), Stop));
        Assert.Equal(20, _cluster.Store.Writes - before);
        await client.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        Assert.Equal(21, _cluster.Store.Writes - before);
    }

    [Fact]
    public async Task With_upstreams_order_the_handle_is_recorded_too()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var client = _cluster.Client(Cluster.Options with { Handles = HandleRecording.Always });
        var address = (await client.AssignAsync(_cluster.Request("Abc", "n1"), Stop)).One();
        var handle = Assert.Single(_cluster.Store.All<IPAMHandle>());
        Assert.Equal(("k8s-pod-network.abc", "k8s-pod-network.Abc"), (handle.Metadata.Name, handle.Spec.HandleId));
        Assert.Equal(1, handle.Spec.Block[address.Block.ToString()]);
        await client.ReleaseHandleAsync("k8s-pod-network.Abc", null, Stop);
        Assert.Empty(_cluster.Store.All<IPAMHandle>());
        Assert.All(_cluster.Store.All<IPAMBlock>()[0].Spec.Allocations, Assert.Null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Asking_again_under_the_same_handle_gives_the_same_address(bool soleWriter)
    {
        _cluster.Pool("p", "10.0.0.0/24").Pool("six", "fd00::/64");
        var options = Cluster.Options with { SoleWriterOfNode = soleWriter };
        var first = await _cluster.Client(options).AssignAsync(_cluster.Request("a", "n1", 1, 1), Stop);
        var again = await _cluster.Client(options).AssignAsync(_cluster.Request("a", "n1", 1, 1), Stop);
        Assert.Equal(first.Text(), again.Text());
        Assert.All(((Assigned)again).Addresses, a => Assert.True(a.Known));
        Assert.Equal([IpFamily.V4, IpFamily.V6], ((Assigned)again).Addresses.Select(a => a.Address.Family));
    }

    [Fact]
    public async Task A_borrowed_address_is_found_again_by_its_handle_object()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 30);
        Assert.False((await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop)).One().Borrowed);
        var borrowed = (await _cluster.Client().AssignAsync(_cluster.Request("b", "n2"), Stop)).One();
        Assert.True(borrowed.Borrowed);
        Assert.Equal(borrowed.Address, (await _cluster.Client().AssignAsync(_cluster.Request("b", "n2"), Stop)).One().Address);
        Assert.Equal("k8s-pod-network.b", Assert.Single(_cluster.Store.All<IPAMHandle>()).Spec.HandleId);
        Assert.Equal([borrowed.Address], await _cluster.Client().ReleaseHandleAsync("k8s-pod-network.b", "n2", Stop));
        Assert.Empty(_cluster.Store.All<IPAMHandle>());
        Assert.Empty(await _cluster.Client().ReleaseHandleAsync("k8s-pod-network.b", "n2", Stop));
    }

    [Fact]
    public async Task Strict_affinity_forbids_borrowing_and_says_so()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 30).Settings(s => s.StrictAffinity = true);
        await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop);
        Assert.Equal("Exhausted: no free IPv4 address for node n2: pool p has free addresses only in blocks of other nodes, and strictAffinity forbids borrowing: 1 of 4",
            (await _cluster.Client().AssignAsync(_cluster.Request("b", "n2"), Stop)).Text());
    }

    [Fact]
    public async Task A_full_pool_is_named_with_its_figures()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 31).Reserve("10.0.0.0");
        var client = _cluster.Client();
        for (int i = 0; i < 3; i++) Assert.IsType<Assigned>(await client.AssignAsync(_cluster.Request($"a{i}", "n1"), Stop));
        Assert.Equal("Exhausted: no free IPv4 address for node n1: pool p is full: 3 of 4, 1 reserved",
            (await client.AssignAsync(_cluster.Request("b", "n1"), Stop)).Text());
    }

    [Fact]
    public async Task When_one_family_fails_the_other_is_given_back()
    {
        _cluster.Pool("p", "10.0.0.0/24").Pool("six", "fd00::/128", s => s.BlockSize = 128);
        var client = _cluster.Client();
        await client.AssignAsync(_cluster.Request("a", "n1", 0, 1), Stop);
        Assert.Equal("Exhausted: no free IPv6 address for node n1: pool six is full: 1 of 1",
            (await client.AssignAsync(_cluster.Request("b", "n1", 1, 1), Stop)).Text());
        Assert.All(_cluster.Store.All<IPAMBlock>().Single(b => b.Spec.Cidr.StartsWith("10.", StringComparison.Ordinal)).Spec.Allocations, Assert.Null);
    }

    [Fact]
    public async Task A_node_at_its_limit_of_blocks_borrows_or_is_told()
    {
        _cluster.Pool("p", "10.0.0.0/28", s => s.BlockSize = 31).Settings(s => (s.StrictAffinity, s.MaxBlocksPerHost) = (true, 2));
        var client = _cluster.Client();
        for (int i = 0; i < 4; i++) Assert.IsType<Assigned>(await client.AssignAsync(_cluster.Request($"a{i}", "n1"), Stop));
        Assert.Equal("Exhausted: no free IPv4 address for node n1: pool p is not full (4 of 16), but node n1 has 2 of 2 blocks that it may own",
            (await client.AssignAsync(_cluster.Request("b", "n1"), Stop)).Text());
    }

    [Fact]
    public async Task An_empty_block_of_another_node_is_taken_over_once_it_has_aged()
    {
        _cluster.Pool("p", "10.0.0.0/31", s => s.BlockSize = 32).Settings(s => s.StrictAffinity = true);
        var n1 = _cluster.Client();
        await n1.AssignAsync(_cluster.Request("a", "n1"), Stop);
        await n1.AssignAsync(_cluster.Request("b", "n1"), Stop);
        await n1.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        Assert.IsType<Refused>(await _cluster.Client().AssignAsync(_cluster.Request("c", "n2"), Stop));
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await _cluster.Client().AssignAsync(_cluster.Request("c", "n2"), Stop)).One().Borrowed);
        Assert.Equal(["n1", "n2"], _cluster.Store.All<BlockAffinity>().Select(a => a.Spec.Node).Order());
    }

    [Fact]
    public async Task A_client_that_remembers_notices_that_its_block_went_to_another()
    {
        _cluster.Pool("p", "10.0.0.0/31", s => s.BlockSize = 32).Settings(s => s.StrictAffinity = true);
        var n1 = _cluster.Client(Cluster.Options with { SoleWriterOfNode = true });
        await n1.AssignAsync(_cluster.Request("a", "n1"), Stop);
        await n1.AssignAsync(_cluster.Request("b", "n1"), Stop);
        await n1.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));
        var taken = (await _cluster.Client().AssignAsync(_cluster.Request("c", "n2"), Stop)).One();
        Assert.IsType<Refused>(await n1.AssignAsync(_cluster.Request("d", "n1"), Stop));
        Assert.Equal([taken.Address], (await n1.FindAsync("k8s-pod-network.c", "n2", Stop)).Select(a => a.Address));
    }

    [Fact]
    public async Task Addresses_rest_before_they_are_given_again()
    {
        _cluster.Pool("p", "10.0.0.0/32", s => s.BlockSize = 32).Settings(s => s.IpCooldownSeconds = 60);
        var client = _cluster.Client();
        await client.AssignAsync(_cluster.Request("a", "n1"), Stop);
        await client.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        Assert.Equal("Exhausted: no free IPv4 address for node n1: pool p is full: 0 of 1, 1 cooling down",
            (await client.AssignAsync(_cluster.Request("b", "n1"), Stop)).Text());
        _cluster.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.IsType<Assigned>(await client.AssignAsync(_cluster.Request("b", "n1"), Stop));
    }

    [Fact]
    public async Task An_unreadable_block_gives_nothing()
    {
        _cluster.Pool("p", "10.0.0.0/30", s => s.BlockSize = 31);
        var client = _cluster.Client();
        var first = (await client.AssignAsync(_cluster.Request("a", "n1"), Stop)).One();
        var stored = _cluster.Store.All<IPAMBlock>().Single();
        stored.Spec.Allocations.Add(7);
        _cluster.Store.Put(stored);
        var next = (await client.AssignAsync(_cluster.Request("b", "n1"), Stop)).One();
        Assert.NotEqual(first.Block, next.Block);
    }

    [Fact]
    public async Task Many_requests_at_once_in_one_client_do_not_fail_each_other()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var client = _cluster.Client();
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.AssignAsync(_cluster.Request($"p{i}", "n1"), Stop).AsTask()));
        Assert.Equal(100, results.Select(r => r.One().Address).Distinct().Count());
        Assert.Equal(0, _cluster.Metrics.Conflicts);
    }
}
