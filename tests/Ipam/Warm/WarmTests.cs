using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Collection;
using Margay.Ipam.Tests.Support;
using Margay.Ipam.Warm;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Warm;

/// <summary>A node's sole service that keeps addresses ready.</summary>
public sealed class WarmTests : IDisposable
{
    private readonly Cluster _cluster = new();
    private readonly CountingStore _store;
    private readonly IpamClient _client;

    public WarmTests()
    {
        _cluster.Pool("p", "10.0.0.0/24").Node("n1").Node("n2");
        _store = new CountingStore(_cluster.Store);
        _client = Service(4);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task A_pod_gets_an_address_that_is_ready_without_a_request_to_the_datastore()
    {
        await WarmUpAsync();
        _store.Requests = 0;
        var address = (await AddAsync("a")).One().Address;
        Assert.Equal(0, _store.Requests);
        Assert.Equal("margay-warm.n1", HolderOf(address));
        await _client.SettleAsync("n1", Stop);
        Assert.Equal(1, _store.Requests);   // the pod's name and the next address to keep, in one write
        Assert.Equal("k8s-pod-network.a", HolderOf(address));
        Assert.Equal(4, _client.ReadyCount("n1"));
    }

    [Fact]
    public async Task With_the_API_server_away_pods_start_until_nothing_is_ready_any_more()
    {
        await WarmUpAsync();
        _store.Away = true;
        var given = new HashSet<IpAddr>();
        for (int i = 0; i < 4; i++) given.Add((await AddAsync($"p{i}")).One().Address);
        Assert.Equal(4, given.Count);
        await Assert.ThrowsAsync<HttpRequestException>(async () => await AddAsync("late"));
        _store.Away = false;
        Assert.Empty(await _client.SettleAsync("n1", Stop));
        Assert.All(given, address => Assert.StartsWith("k8s-pod-network.p", HolderOf(address), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_is_repeated_before_it_is_written_gets_the_same_address()
    {
        await WarmUpAsync();
        var first = (await AddAsync("a")).One().Address;
        Assert.Equal(first, (await _client.AssignAsync(_cluster.Request("a", "n1"), Stop)).One().Address);
    }

    [Fact]
    public async Task So_does_one_that_is_repeated_when_nothing_may_be_given_any_more()
    {
        await WarmUpAsync();
        var first = (await AddAsync("a")).One().Address;
        _cluster.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(first, (await _client.AssignAsync(_cluster.Request("a", "n1"), Stop)).One().Address);
        Assert.Equal("k8s-pod-network.a", HolderOf(first));
    }

    [Fact]
    public async Task A_service_that_starts_again_writes_what_the_records_say_and_keeps_the_rest_ready()
    {
        await WarmUpAsync();
        var recorded = (await AddAsync("a")).One().Address;
        var lost = (await AddAsync("died-before-it-was-recorded")).One().Address;
        var next = Service(4);
        next.Remember("n1", [new WarmGift(recorded, "k8s-pod-network.a", AddressRequest.OfPod("shop", "a", "n1", _cluster.Time.GetUtcNow()))]);
        Assert.Equal(recorded, (await next.AssignAsync(_cluster.Request("a", "n1"), Stop)).One().Address);
        Assert.Equal("k8s-pod-network.a", HolderOf(recorded));
        Assert.Equal("margay-warm.n1", HolderOf(lost));
        Assert.Equal(4, next.ReadyCount("n1"));
    }

    [Fact]
    public async Task A_pod_that_goes_before_its_address_is_written_leaves_it_free_and_not_ready()
    {
        await WarmUpAsync();
        var address = (await AddAsync("a")).One().Address;
        Assert.Equal([address], await _client.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop));
        Assert.Null(HolderOf(address));
        Assert.NotEqual(address, (await AddAsync("b")).One().Address);
    }

    [Fact]
    public async Task Addresses_of_such_a_pod_cool_down_like_any_others()
    {
        _cluster.Settings(s => s.IpCooldownSeconds = 60);
        await WarmUpAsync();
        var address = (await AddAsync("a")).One().Address;
        await _client.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        Assert.True(BlockOf(address).Find(address)!.Value.Owner.IsCooling);
    }

    [Fact]
    public async Task Pods_that_start_together_share_a_write_when_nothing_is_ready()
    {
        await AddAsync("first");   // claims the block
        _store.Hold = new TaskCompletionSource();
        var leader = AddAsync("leader").AsTask();
        List<Task<AssignResult>> others = [.. Enumerable.Range(0, 20).Select(i => AddAsync($"p{i}").AsTask())];
        _store.Requests = 0;
        _store.Hold.SetResult();
        var results = await Task.WhenAll([leader, .. others]);
        Assert.Equal(21, results.Select(r => r.One().Address).Distinct().Count());
        Assert.InRange(_store.Requests, 1, 2);
    }

    [Fact]
    public async Task So_they_do_beside_a_block_whose_addresses_only_cool_down()
    {
        _cluster.Pool("p", "10.0.0.0/24", s => s.BlockSize = 28).Settings(s => s.IpCooldownSeconds = 600);
        for (int i = 0; i < 16; i++) await AddAsync($"gone{i}");
        await AddAsync("stays");   // claims the second block
        for (int i = 0; i < 16; i++) await _client.ReleaseHandleAsync($"k8s-pod-network.gone{i}", "n1", Stop);
        while (_client.ReadyCount("n1") > 0) await AddAsync($"taken{_client.ReadyCount("n1")}");
        Assert.Equal(2, Blocks().Count);

        _store.Hold = new TaskCompletionSource();
        var leader = AddAsync("leader").AsTask();
        List<Task<AssignResult>> others = [.. Enumerable.Range(0, 5).Select(i => AddAsync($"p{i}").AsTask())];
        int before = _cluster.Store.Writes;
        _store.Hold.SetResult();
        await Task.WhenAll([leader, .. others]);
        Assert.InRange(_cluster.Store.Writes - before, 1, 2);
        Assert.Equal(2, Blocks().Count);
    }

    [Fact]
    public async Task What_was_written_and_not_answered_is_given_once_though_its_block_is_full_now()
    {
        _cluster.Pool("p", "10.0.0.0/24", s => s.BlockSize = 28);
        var client = Service(0);
        ValueTask<AssignResult> Add(string pod) => client.AssignAsync(_cluster.Request(pod, "n1") with { IsFirst = true }, Stop);
        for (int i = 0; i < 17; i++) await Add($"p{i:00}");   // a full block and one with room
        var full = BlockOf((await Add("x")).One().Address).Cidr == Blocks()[0].Cidr ? Blocks()[1] : Blocks()[0];
        var leaving = full.Allocations.Take(3).Select(a => a.Owner.HandleId!).ToList();
        foreach (string handle in leaving) await client.ReleaseHandleAsync(handle, "n1", Stop);

        _store.Hold = new TaskCompletionSource();
        _store.LosesUpdate = 2;   // the leader's own, then one for both that wait meanwhile
        var leader = Add("leader").AsTask();
        Task<AssignResult>[] waiting = [Add("one").AsTask(), Add("two").AsTask()];
        _store.Hold.SetResult();
        Assert.True(full.Cidr.Contains((await leader).One().Address));
        await Assert.ThrowsAsync<HttpRequestException>(() => Task.WhenAll(waiting));
        var served = Assert.Single(waiting, w => w.IsCompletedSuccessfully);
        string pod = served == waiting[0] ? "one" : "two";
        Assert.Equal((await served).One().Address, Assert.Single(Blocks().SelectMany(b => b.OfHandle($"k8s-pod-network.{pod}"))).Address);
    }

    [Fact]
    public async Task Pods_that_go_together_share_a_write()
    {
        await WarmUpAsync();
        for (int i = 0; i < 20; i++) await AddAsync($"p{i}");
        _store.Hold = new TaskCompletionSource();
        List<Task<IReadOnlyList<IpAddr>>> going =
            [.. Enumerable.Range(0, 20).Select(i => _client.ReleaseHandleAsync($"k8s-pod-network.p{i}", "n1", Stop).AsTask())];
        int before = _cluster.Store.Writes;
        _store.Hold.SetResult();
        Assert.Equal(20, (await Task.WhenAll(going)).Sum(freed => freed.Count));
        Assert.InRange(_cluster.Store.Writes - before, 1, 2);
        Assert.Equal("k8s-pod-network.warm-up", Assert.Single(Blocks().SelectMany(b => b.Allocations), a => !WarmOwner.IsOf("n1", a.Owner)).Owner.HandleId);
    }

    [Fact]
    public async Task Nothing_is_given_once_the_node_could_have_been_gone_for_long()
    {
        await WarmUpAsync();
        _cluster.Store.Remove<Node>("n1");
        _cluster.Time.Advance(TimeSpan.FromMinutes(9));
        _store.Requests = 0;
        await AddAsync("a");
        Assert.Equal(0, _store.Requests);
        _cluster.Time.Advance(TimeSpan.FromMinutes(1));
        await AddAsync("b");
        Assert.NotEqual(0, _store.Requests);
    }

    [Fact]
    public async Task A_node_that_comes_back_trusts_nothing_that_it_kept_before()
    {
        await WarmUpAsync();
        var ready = Ready();
        _cluster.Store.Remove<Node>("n1");
        var collector = _cluster.Collector();
        await collector.RunAsync(Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(ready.Order(), (await collector.RunAsync(Stop)).Released.Select(r => r.Address).Order());
        _cluster.Node("n1");
        await _client.SettleAsync("n1", Stop);
        Assert.Equal(Ready().Order(), Ready().Where(a => HolderOf(a) == "margay-warm.n1").Order());
        Assert.Equal("margay-warm.n1", HolderOf((await AddAsync("a")).One().Address));
    }

    [Fact]
    public async Task The_collector_leaves_what_a_node_keeps_and_waits_its_own_time_when_the_node_is_gone()
    {
        await WarmUpAsync();
        var hasty = _cluster.Collector(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await hasty.RunAsync(Stop)).Suspected);
        _cluster.Store.Remove<Node>("n1");
        await hasty.RunAsync(Stop);
        _cluster.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.Empty((await hasty.RunAsync(Stop)).Released);
        _cluster.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(4, (await hasty.RunAsync(Stop)).Released.Count);
    }

    [Fact]
    public async Task Requests_with_wishes_of_their_own_go_the_long_way()
    {
        _cluster.Pool("q", "10.1.0.0/24", s => s.AssignmentMode = "Manual");
        await WarmUpAsync();
        var wish = _cluster.Request("a", "n1") with { IsFirst = true, PoolsV4 = new PoolChoice(["q"], "the pod") };
        Assert.StartsWith("10.1.0.", (await _client.AssignAsync(wish, Stop)).Text(), StringComparison.Ordinal);
        Assert.Equal(4, _client.ReadyCount("n1"));
    }

    [Fact]
    public async Task An_address_asked_for_by_name_is_given_though_it_is_kept_ready_and_to_its_own_node_only()
    {
        await WarmUpAsync();
        var wanted = Ready()[0];
        Assert.Equal($"Taken: {wanted} of pool p is kept ready for the next pod of node n1",
            (await _cluster.Client().AssignAddressesAsync(_cluster.Request("far", "n2"), [wanted], Stop)).Text());
        Assert.Equal(wanted, (await _client.AssignAddressesAsync(_cluster.Request("near", "n1"), [wanted], Stop)).One().Address);
        Assert.Equal("k8s-pod-network.near", HolderOf(wanted));
        for (int i = 0; i < 4; i++) Assert.NotEqual(wanted, (await AddAsync($"p{i}")).One().Address);
    }

    [Fact]
    public async Task What_is_reserved_meanwhile_is_given_back_and_not_to_pods()
    {
        await WarmUpAsync();
        var reserved = Ready()[0];
        _cluster.Reserve($"{reserved}/32");
        Assert.NotEqual(reserved, (await AddAsync("a")).One().Address);
        await _client.SettleAsync("n1", Stop);
        Assert.Null(HolderOf(reserved));
    }

    [Fact]
    public async Task A_service_that_shall_keep_none_gives_back_what_was_kept()
    {
        await WarmUpAsync();
        var none = Service(0);
        await none.SettleAsync("n1", Stop);
        Assert.Empty(Ready());
        Assert.Single(Blocks().SelectMany(b => b.Allocations));   // the pod that warmed up
    }

    [Fact]
    public async Task A_block_that_fills_keeps_fewer_ready_and_in_the_end_none()
    {
        _cluster.Pool("p", "10.0.0.0/24", s => s.BlockSize = 28);
        await WarmUpAsync();
        Assert.Equal(3, Ready().Count);   // a quarter of 15
        for (int i = 0; i < 15; i++)
        {
            Assert.IsType<Assigned>(await AddAsync($"p{i}"));
            await _client.SettleAsync("n1", Stop);
        }
        Assert.Single(Blocks());
        Assert.Empty(Ready());
        Assert.IsType<Assigned>(await AddAsync("one-more"));
        Assert.Equal(2, Blocks().Count);
    }

    [Fact]
    public async Task Nobody_takes_back_by_force_what_a_node_keeps_ready()
    {
        await WarmUpAsync();
        var outcome = Assert.Single(await IpamRelease.ExecuteAsync(_cluster.Store, _cluster.Client(), [Ready()[0]], force: true, Stop));
        Assert.False(outcome.Released);
        Assert.Contains("kept ready by node n1", outcome.Explanation, StringComparison.Ordinal);
    }

    private IpamClient Service(int keeps) => new(
        _store, Cluster.Options with { SoleWriterOfNode = true, WarmAddresses = keeps }, _cluster.Metrics, _cluster.Time, stop => IpamView.ReadAsync(_cluster.Store, stop));

    private async Task WarmUpAsync()
    {
        var address = (await AddAsync("warm-up")).One().Address;
        _cluster.Pod("warm-up", "n1", address.ToString());
        await _client.SettleAsync("n1", Stop);
    }

    private ValueTask<AssignResult> AddAsync(string pod) => _client.AssignAsync(_cluster.Request(pod, "n1") with { IsFirst = true }, Stop);

    private List<Block> Blocks() => [.. _cluster.Store.All<IPAMBlock>().Select(r => BlockRecord.TryRead(r, out var block, out _) ? block : throw new InvalidDataException())];

    private Block BlockOf(IpAddr address) => Blocks().Single(b => b.Cidr.Contains(address));

    private string? HolderOf(IpAddr address) => BlockOf(address).Find(address)?.Owner.HandleId;

    private List<IpAddr> Ready() => [.. Blocks().SelectMany(b => b.Allocations).Where(a => WarmOwner.IsOf("n1", a.Owner)).Select(a => a.Address)];
}
