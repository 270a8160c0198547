using Margay.Cni.Wiring;
using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Kernel.Tests.Cni;

public sealed class PodWiringTests : IDisposable
{
    private readonly WiringScene _scene = new();
    private readonly PodWiringRequest _a;
    private readonly PodWiringRequest _b;

    public PodWiringTests()
    {
        _a = WiringScene.Request(_scene.PodA, "container-a", "calia", "10.65.0.1", "fd00:65::1");
        _b = WiringScene.Request(_scene.PodB, "container-b", "calib", "10.65.0.2", "fd00:65::2");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_pods_reach_one_another_and_their_node_over_both_families()
    {
        await _scene.AddAsync(_a, Stop);
        await _scene.AddAsync(_b, Stop);
        // An address for the node to answer from.
        _scene.Node.Ip("addr", "add", "192.0.2.1/32", "dev", "lo");

        foreach (string target in new[] { "10.65.0.2", "fd00:65::2", "192.0.2.1" })
            _scene.PodA.Exec("ping", "-c", "1", "-W", "5", target);
        _scene.PodB.Exec("ping", "-c", "1", "-W", "5", "10.65.0.1");
        Assert.Equal(1440, _scene.Netlink.FindLink("calia")!.Mtu);
        // Nobody asked who has which address: both sides knew.
        Assert.DoesNotContain("REACHABLE", _scene.PodA.Ip("neigh"), StringComparison.Ordinal);
        Assert.Empty(await _scene.Wiring.CheckAsync(_a, Stop));
    }

    [Fact]
    public async Task A_tcp_conversation_passes()
    {
        await _scene.AddAsync(_a, Stop);
        await _scene.AddAsync(_b, Stop);
        using var listener = NetworkNamespace.Run(_scene.PodB.Path, () => Listen(_b.Addresses[0]));
        using var client = NetworkNamespace.Run(_scene.PodA.Path, () => new System.Net.Sockets.TcpClient());
        await client.ConnectAsync((System.Net.IPEndPoint)listener.LocalEndpoint, Stop);
        using var server = await listener.AcceptTcpClientAsync(Stop);
        Assert.Equal(_a.Addresses[0].ToIPAddress(), ((System.Net.IPEndPoint)server.Client.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task Repeating_an_add_keeps_the_interfaces_and_takes_new_addresses()
    {
        var first = await _scene.AddAsync(_a, Stop);
        var again = await _scene.AddAsync(_a, Stop);
        Assert.Equal(first, again);

        var other = _a with { Addresses = [IpAddr.Parse("10.65.0.9")], Mtu = 1400 };
        var changed = await _scene.AddAsync(other, Stop);
        Assert.Equal(first.HostIndex, changed.HostIndex);
        string addresses = _scene.PodA.Ip("addr", "show", "eth0");
        Assert.Contains("10.65.0.9/32", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("10.65.0.1/32", addresses, StringComparison.Ordinal);
        Assert.Contains("mtu 1400", addresses, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_sandbox_of_the_pod_takes_the_name_and_the_late_del_of_the_old_one_leaves_it()
    {
        var old = await _scene.AddAsync(_a, Stop);
        var successor = WiringScene.Request(_scene.PodB, "container-a2", "calia", "10.65.0.5");
        var wired = await _scene.AddAsync(successor, Stop);
        Assert.NotEqual(old.HostIndex, wired.HostIndex);

        Assert.False(await _scene.Wiring.DeleteAsync(_a.Mark, "calia", Stop));
        Assert.Empty(await _scene.Wiring.CheckAsync(successor, Stop));
        Assert.NotEmpty(await _scene.Wiring.CheckAsync(_a, Stop));
    }

    [Fact]
    public async Task Deleting_finds_the_interface_by_its_mark_and_may_be_repeated()
    {
        await _scene.AddAsync(_a, Stop);
        Assert.Equal([new WiredAttachment(_a.Mark, "calia")], await _scene.Wiring.ListAsync(Stop));
        Assert.True(await _scene.Wiring.DeleteAsync(_a.Mark, null, Stop));
        Assert.Empty(await _scene.Wiring.ListAsync(Stop));
        Assert.False(await _scene.Wiring.DeleteAsync(_a.Mark, "calia", Stop));
        await _scene.Wiring.FlushAsync();
        Assert.Null(_scene.Netlink.FindLink("calia"));
    }

    [Fact]
    public async Task An_add_right_after_a_delete_in_the_same_namespace_succeeds()
    {
        for (int i = 0; i < 5; i++)
        {
            await _scene.AddAsync(_a, Stop);
            Assert.True(await _scene.Wiring.DeleteAsync(_a.Mark, "calia", Stop));
            // The same container interface, another host interface: it waits for the old pair to go.
            var other = _a with { HostInterface = "calix" };
            await _scene.AddAsync(other, Stop);
            Assert.True(await _scene.Wiring.DeleteAsync(_a.Mark, "calix", Stop));
        }
    }

    [Fact]
    public async Task Deleting_after_the_namespace_has_gone_is_fine()
    {
        await _scene.AddAsync(_a, Stop);
        NamedNamespaces.Delete(_scene.PodA.Name);
        await _scene.Wiring.DeleteAsync(_a.Mark, null, Stop);
        await _scene.Wiring.FlushAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => _scene.Wiring.AddAsync(_a, Stop));
        Assert.DoesNotContain(_scene.Netlink.ListLinks(), l => l.Name == "calia");
    }

    [Fact]
    public async Task The_nodes_own_namespace_is_refused_and_stays_as_it_was()
    {
        await Assert.ThrowsAsync<PodWiringException>(() => _scene.Wiring.AddAsync(_a with { NetNs = _scene.Node.Path }, Stop));
        Assert.Equal(["lo"], _scene.Netlink.ListLinks().Select(l => l.Name));
        Assert.DoesNotContain(_scene.Netlink.ListRoutes(IpFamily.V4), r => r.Destination.Length == 0);
    }

    [Fact]
    public async Task A_foreign_interface_in_the_pod_is_refused_and_nothing_stays()
    {
        _scene.PodA.Ip("link", "add", "eth0", "type", "bridge");
        await Assert.ThrowsAnyAsync<Exception>(() => _scene.Wiring.AddAsync(_a, Stop));
        Assert.Equal(["lo"], _scene.Netlink.ListLinks().Select(l => l.Name));
        Assert.Contains("eth0", _scene.PodA.Ip("link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ipv6_the_node_is_deaf_to_it_on_the_interface_and_with_it_ignores_router_advertisements()
    {
        await _scene.AddAsync(_a with { Addresses = [_a.Addresses[0]] }, Stop);
        await _scene.AddAsync(_b, Stop);
        var settings = NetworkNamespace.Run(_scene.Node.Path, () => (
            Sysctl.Read("ipv6/conf/calia/disable_ipv6"), Sysctl.Read("ipv6/conf/calib/disable_ipv6"), Sysctl.Read("ipv6/conf/calib/accept_ra"),
            Sysctl.Read("ipv4/conf/calia/forwarding"), Sysctl.Read("ipv4/conf/calia/rp_filter")));
        Assert.Equal(("1", "0", "0", "1", "0"), settings);
    }

    [Fact]
    public async Task A_requested_hardware_address_is_taken()
    {
        var mac = MacAddress.Parse("02:11:22:33:44:55");
        Assert.Equal(mac, (await _scene.AddAsync(_a with { Mac = mac }, Stop)).PodMac);
        Assert.Contains("02:11:22:33:44:55", _scene.PodA.Ip("link", "show", "eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_names_every_difference()
    {
        await _scene.AddAsync(_a, Stop);
        _scene.PodA.Ip("route", "del", "default");
        _scene.PodA.Ip("addr", "del", "fd00:65::1/128", "dev", "eth0");
        var found = await _scene.Wiring.CheckAsync(_a, Stop);
        Assert.Equal(2, found.Count);
        Assert.Contains(found, d => d.Contains("0.0.0.0/0", StringComparison.Ordinal));
        Assert.Contains(found, d => d.Contains("fd00:65::1", StringComparison.Ordinal));
    }

    public void Dispose() => _scene.Dispose();

    private static System.Net.Sockets.TcpListener Listen(IpAddr address)
    {
        var listener = new System.Net.Sockets.TcpListener(address.ToIPAddress(), 0);
        listener.Start();
        return listener;
    }
}
