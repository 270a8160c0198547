using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Collection;
using Margay.Ipam.Tests.Support;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

/// <summary>Addresses for what is no node: services of type LoadBalancer.</summary>
public sealed class VirtualOwnerTests : IDisposable
{
    private readonly Cluster _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Its_blocks_are_its_own_without_a_limit_of_their_number()
    {
        _cluster.Pool("lb", "10.0.0.0/27", p => (p.BlockSize, p.AllowedUses) = (30, ["LoadBalancer"])).Settings(s => s.MaxBlocksPerHost = 1);
        for (int i = 0; i < 32; i++) Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(Request($"s{i}"), Stop));
        Assert.Equal(8, (await Blocks()).Count(b => b.Owner == BlockOwner.LoadBalancer));
        Assert.Equal("no free IPv4 address for services of type LoadBalancer: pool lb is full: 32 of 32",
            Assert.IsType<Refused>(await _cluster.Client().AssignAsync(Request("more"), Stop)).Message);
    }

    [Fact]
    public async Task It_borrows_from_nobody_and_nobody_from_it()
    {
        _cluster.Pool("shared", "10.0.0.0/29", p => (p.BlockSize, p.AllowedUses) = (30, ["Workload", "LoadBalancer"])).Node("n1");
        Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(_cluster.Request("a", "n1"), Stop));
        for (int i = 0; i < 4; i++) Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(Request($"s{i}"), Stop));
        Assert.IsType<Refused>(await _cluster.Client().AssignAsync(Request("more"), Stop));
        for (int i = 0; i < 3; i++) Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(_cluster.Request($"b{i}", "n1"), Stop));
        Assert.IsType<Refused>(await _cluster.Client().AssignAsync(_cluster.Request("more", "n1"), Stop));
    }

    [Fact]
    public async Task What_would_be_refused_is_foreseen_without_a_write()
    {
        _cluster.Pool("lb", "10.0.0.0/30", p => (p.BlockSize, p.AllowedUses) = (30, ["LoadBalancer"]));
        var both = Request("s") with { CountV6 = 1 };
        long writes = _cluster.Metrics.Writes;
        Assert.Equal(RefusalKind.NoPool, (await _cluster.Client().ForeseeAsync(both, Stop))!.Kind);
        Assert.Equal(writes, _cluster.Metrics.Writes);
        Assert.Null(await _cluster.Client().ForeseeAsync(Request("s"), Stop));
        for (int i = 0; i < 4; i++) await _cluster.Client().AssignAsync(Request($"s{i}"), Stop);
        Assert.Equal(RefusalKind.Exhausted, (await _cluster.Client().ForeseeAsync(Request("s"), Stop))!.Kind);
        // What it has already counts.
        Assert.Null(await _cluster.Client().ForeseeAsync(Request("s0"), Stop));
    }

    [Fact]
    public async Task Its_empty_block_stays_while_its_pool_does_and_goes_with_it()
    {
        _cluster.Pool("lb", "10.0.0.0/29", p => (p.BlockSize, p.AllowedUses) = (30, ["LoadBalancer"]));
        var given = Assert.IsType<Assigned>(await _cluster.Client().AssignAsync(Request("s"), Stop)).Addresses[0];
        await Collect();
        Assert.Single(await Blocks());
        await _cluster.Client().ReleaseAsync([new AddressRelease(given.Address, given.Sequence, Request("s").Handle)], Stop);
        await Collect();
        Assert.Single(await Blocks());
        _cluster.Store.Remove<IPPool>("lb");
        await Collect();
        Assert.Empty(await Blocks());
    }

    private static AddressRequest Request(string service) => AddressRequest.ForService("shop", service, $"uid-{service}", DateTimeOffset.UnixEpoch) with { CountV4 = 1 };

    private async Task<List<Block>> Blocks() => [.. (await IpamSnapshot.ReadAsync(_cluster.Store, Stop)).Readable().Select(b => b.Block)];

    private async Task Collect()
    {
        var collector = _cluster.Collector();
        for (int round = 0; round < 3; round++)
        {
            await collector.RunAsync(Stop);
            _cluster.Time.Advance(TimeSpan.FromMinutes(16));
        }
    }
}
