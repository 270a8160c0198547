using Margay.Controllers.Addresses;
using Margay.Controllers.Tests.Support;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;

namespace Margay.Controllers.Tests.Addresses;

public sealed class IpamGaugesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_and_blocks_are_counted_by_pool_and_node()
    {
        using var cluster = new Cluster();
        await cluster.ApplyAsync(
            Objects.Space("shop"), Objects.Pool("pods", "10.7.0.0/28", 30, use: "Workload"), Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Node("n1"), Objects.Balancer("web"));
        await cluster.SettleAsync();
        using var metrics = new IpamMetrics();
        var ipam = new IpamClient(new IpamStore(cluster.Store), new IpamClientOptions(), metrics, cluster.Time);
        var given = Assert.IsType<Assigned>(await ipam.AssignAsync(
            new AddressRequest("net.c1", "n1", null, AddressRequest.OfPod("shop", "p", "n1", cluster.Time.GetUtcNow())) { CountV4 = 1 }, Stop));

        var figures = IpamGauges.Of(await IpamSnapshot.ReadAsync(new IpamStore(cluster.Store), Stop), [given.Addresses[0].Address]);
        Assert.Contains(new IpamFigure(IpamGauge.PoolSize, "pods", "", 16), figures);
        Assert.Contains(new IpamFigure(IpamGauge.InUse, "pods", "n1", 1), figures);
        Assert.Contains(new IpamFigure(IpamGauge.Blocks, "pods", "n1", 1), figures);
        Assert.Contains(new IpamFigure(IpamGauge.Candidates, "pods", "n1", 1), figures);
        Assert.Contains(new IpamFigure(IpamGauge.InUse, "lb", "load-balancer", 1), figures);
        Assert.DoesNotContain(figures, f => f.Gauge == IpamGauge.Borrowed);
    }
}
