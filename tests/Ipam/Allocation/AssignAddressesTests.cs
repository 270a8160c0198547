using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Tests.Support;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

public sealed class AssignAddressesTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Cluster _cluster = new();

    public void Dispose() => _cluster.Dispose();

    private async Task<string> Ask(string pod, string node, params string[] addresses) =>
        (await _cluster.Client().AssignAddressesAsync(_cluster.Request(pod, node), [.. addresses.Select(IpAddr.Parse)], Stop)).Text();

    [Fact]
    public async Task An_address_can_be_asked_for_and_asked_for_again()
    {
        _cluster.Pool("p", "10.0.0.0/24", s => s.NodeSelector = "rack == 'elsewhere'").Reserve("10.0.0.9");
        Assert.Equal("10.0.0.9", await Ask("a", "n1", "10.0.0.9"));
        Assert.Equal("10.0.0.9", await Ask("a", "n1", "10.0.0.9"));
        Assert.Equal("host:n1", _cluster.Store.All<IPAMBlock>().Single().Spec.Affinity);
        Assert.Equal("Taken: 10.0.0.9 of pool p is in use by pod shop/a on node n1", await Ask("b", "n2", "10.0.0.9"));
    }

    [Fact]
    public async Task All_addresses_or_none_are_given()
    {
        _cluster.Pool("p", "10.0.0.0/24").Pool("six", "fd00::/64");
        Assert.Equal("fd00::5", await Ask("a", "n1", "fd00::5"));
        Assert.StartsWith("Taken: fd00::5", await Ask("b", "n1", "10.0.0.9", "fd00::5"), StringComparison.Ordinal);
        Assert.Equal("10.0.0.9", await Ask("c", "n1", "10.0.0.9"));
    }

    [Fact]
    public async Task The_pool_must_be_enabled_and_allow_the_use()
    {
        _cluster.Pool("off", "10.0.0.0/24", s => s.Disabled = true).Pool("tunnels", "10.1.0.0/24", s => s.AllowedUses = ["Tunnel"]);
        Assert.Equal("NoPool: 10.0.0.1 is in pool off, which is disabled", await Ask("a", "n1", "10.0.0.1"));
        Assert.Equal("NoPool: 10.1.0.1 is in pool tunnels, which does not allow use Workload (allowed: Tunnel)", await Ask("a", "n1", "10.1.0.1"));
        Assert.Equal("Invalid: 10.2.0.1 is in no pool", await Ask("a", "n1", "10.2.0.1"));
    }

    [Fact]
    public async Task An_address_of_another_nodes_block_is_borrowed_unless_that_is_forbidden()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        await Ask("a", "n1", "10.0.0.1");
        Assert.Equal("10.0.0.2", await Ask("b", "n2", "10.0.0.2"));
        Assert.Equal("k8s-pod-network.b", _cluster.Store.All<IPAMHandle>().Single().Spec.HandleId);
        _cluster.Settings(s => s.StrictAffinity = true);
        Assert.Equal("Exhausted: 10.0.0.3: block 10.0.0.0/26 belongs to host:n1, and strictAffinity forbids borrowing", await Ask("c", "n2", "10.0.0.3"));
    }

    [Fact]
    public async Task A_release_for_an_earlier_tenant_leaves_the_later_one_alone()
    {
        _cluster.Pool("p", "10.0.0.0/24");
        var client = _cluster.Client();
        var address = IpAddr.Parse("10.0.0.7");
        var first = (await client.AssignAddressesAsync(_cluster.Request("a", "n1"), [address], Stop)).One();
        await client.ReleaseHandleAsync("k8s-pod-network.a", "n1", Stop);
        await client.AssignAddressesAsync(_cluster.Request("b", "n1"), [address], Stop);
        var late = await client.ReleaseAsync([new AddressRelease(address, first.Sequence, null), new AddressRelease(IpAddr.Parse("10.0.0.8"), null, null)], Stop);
        Assert.Equal([ReleaseOutcome.OtherTenant, ReleaseOutcome.NotAssigned], late.Select(o => o.Outcome));
        Assert.Single(await client.FindAsync("k8s-pod-network.b", "n1", Stop));
    }
}
