using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Route;
using Margay.Routing.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Kernel.Tests.Routing;

public sealed class RouteDataplaneKernelTests : IDisposable
{
    private readonly TestNamespace _node = new("node");
    private readonly RouteNetlink _netlink;
    private readonly RouteDataplane _dataplane;

    public RouteDataplaneKernelTests()
    {
        _netlink = RouteNetlink.OpenIn(_node.Path);
        _dataplane = New();
        _node.Ip("link", "add", "up0", "type", "veth", "peer", "name", "up1");
        _node.Ip("link", "set", "up0", "up");
        _node.Ip("link", "set", "up1", "up");
        _node.Ip("addr", "add", "192.0.2.1/24", "dev", "up0");
        _node.Ip("addr", "add", "2001:db8::1/64", "dev", "up0", "nodad");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DataplaneUpdate[] Everything =>
    [
        Route("10.65.0.0/26", RouteKind.RemoteNode, gateway: "192.0.2.2"), Route("10.66.0.0/26", RouteKind.LocalBlock), Route("10.66.0.1/32", RouteKind.LocalWorkload, "cali1"),
        Route("fd00::/122", RouteKind.RemoteNode, gateway: "2001:db8::2"), Route("fd01::/122", RouteKind.LocalBlock), Route("fd01::1/128", RouteKind.LocalWorkload, "cali1"),
        new InSync(),
    ];

    [Fact]
    public async Task The_kernel_reads_back_what_was_programmed_and_a_restart_writes_nothing()
    {
        MakePod();
        using var monitor = RouteMonitor.OpenIn(_node.Path);
        await _dataplane.ApplyAsync(Everything, Stop);
        Assert.Equal(6, Ours().Count);
        Assert.Contains("10.66.0.1 dev cali1 proto 80 scope link", _node.Ip("route"), StringComparison.Ordinal);
        Assert.Contains("unreachable 10.66.0.0/26 proto 80", _node.Ip("route"), StringComparison.Ordinal);
        Drain(monitor);

        await _dataplane.ApplyAsync(Everything, Stop);
        await _dataplane.ResyncAsync(Stop);
        await New().ApplyAsync(Everything, Stop);
        Assert.Empty(Drain(monitor));
    }

    [Fact]
    public async Task Routes_change_their_kind_in_both_families()
    {
        MakePod();
        foreach (string prefix in new[] { "10.66.0.1/32", "fd01::1/128" })
        {
            string gateway = prefix.Contains(':', StringComparison.Ordinal) ? "2001:db8::2" : "192.0.2.2";
            foreach (var route in new[] { Route(prefix, RouteKind.LocalBlock), Route(prefix, RouteKind.LocalWorkload, "cali1"), Route(prefix, RouteKind.RemoteNode, gateway: gateway), Route(prefix, RouteKind.LocalBlock) })
            {
                await _dataplane.ApplyAsync([route], Stop);
                var found = Assert.Single(Ours());
                Assert.Equal(route.Gateway, found.Gateway);
                Assert.Equal(route.Kind == RouteKind.LocalBlock ? RouteType.Unreachable : RouteType.Unicast, found.Type);
            }
            await _dataplane.ApplyAsync([new RouteRemove(IpPrefix.Parse(prefix))], Stop);
            Assert.Empty(Ours());
        }
    }

    [Fact]
    public async Task An_echo_of_our_own_change_is_not_taken_for_somebody_elses()
    {
        MakePod();
        using var monitor = RouteMonitor.OpenIn(_node.Path);
        monitor.Own = _netlink.Port;
        await _dataplane.ApplyAsync(Everything, Stop);
        await _dataplane.ApplyAsync([new RouteRemove(IpPrefix.Parse("10.66.0.1/32")), new RouteRemove(IpPrefix.Parse("fd01::1/128"))], Stop);
        // The pod's addresses have another interface by the time that the removal is heard of.
        await _dataplane.ApplyAsync([Route("10.66.0.1/32", RouteKind.LocalWorkload, "cali1"), Route("fd01::1/128", RouteKind.LocalWorkload, "cali1")], Stop);
        Assert.Equal(0, await _dataplane.HandleAsync(Drain(monitor), Stop));
        Assert.DoesNotContain(Drain(monitor), e => e is RouteGone or RouteChanged);

        _node.Ip("route", "delete", "10.66.0.1");
        _node.Ip("-6", "route", "delete", "fd01::1");
        Assert.Equal(2, await _dataplane.HandleAsync(Drain(monitor), Stop));
        Assert.Equal(6, Ours().Count);
    }

    [Fact]
    public async Task Foreign_routes_survive_the_sweep()
    {
        _node.Ip("route", "add", "blackhole", "10.99.0.0/16", "proto", "static");
        _node.Ip("route", "add", "unreachable", "10.98.0.0/16", "proto", "80");
        await _dataplane.ApplyAsync(Everything, Stop);
        string routes = _node.Ip("route");
        Assert.Contains("10.99.0.0/16", routes, StringComparison.Ordinal);
        Assert.DoesNotContain("10.98.0.0/16", routes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_watch_programs_what_waited_and_repairs_what_was_removed()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var monitor = RouteMonitor.OpenIn(_node.Path);
        using var witness = RouteMonitor.OpenIn(_node.Path);
        var watch = new RouteWatch(_dataplane, _ => ValueTask.CompletedTask, NullLogger<RouteWatch>.Instance).RunAsync(monitor, stop.Token);
        await _dataplane.ApplyAsync(Everything, Stop);
        Assert.Equal(2, _dataplane.Waiting);

        MakePod();
        Until(witness, () => Ours().Count == 6);
        _node.Ip("route", "del", "unreachable", "10.66.0.0/26");
        Until(witness, () => Ours().Count == 6);
        _node.Ip("link", "set", "cali1", "down");
        _node.Ip("link", "set", "cali1", "up");
        Until(witness, () => Ours().Count == 6);
        _node.Ip("link", "del", "cali1");
        MakePod();
        Until(witness, () => Ours().Count == 6 && Ours().Any(r => r.Interface == _netlink.FindLink("cali1")!.Index));
        // The way to the other nodes goes, and comes back.
        _node.Ip("link", "set", "up0", "down");
        Until(witness, () => Ours().Count == 4);
        _node.Ip("link", "set", "up0", "up");
        _node.Ip("addr", "replace", "2001:db8::1/64", "dev", "up0", "nodad");
        Until(witness, () => Ours().Count == 6);
        await stop.CancelAsync();
        await watch;
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_reached_is_reported_and_the_rest_is_done()
    {
        var refused = await Assert.ThrowsAsync<RoutesPendingException>(async () =>
            await _dataplane.ApplyAsync([Route("10.70.0.0/26", RouteKind.RemoteNode, gateway: "203.0.113.1"), .. Everything], Stop));
        Assert.Equal("10.70.0.0/26", Assert.Single(refused.Routes).Prefix.ToString());
        Assert.Equal(4, Ours().Count);
        _node.Ip("route", "add", "203.0.113.0/24", "dev", "up0");
        await _dataplane.ApplyAsync([], Stop);
        Assert.Equal(5, Ours().Count);
    }

    public void Dispose()
    {
        _dataplane.Dispose();
        _netlink.Dispose();
        _node.Dispose();
    }

    private static RouteUpdate Route(string prefix, RouteKind kind, string hostInterface = "", string? gateway = null) =>
        new(IpPrefix.Parse(prefix), kind, hostInterface, gateway is null ? null : IpAddr.Parse(gateway));

    // Every change in the kernel makes an event, so that this ends without asking again and again.
    private static void Until(RouteMonitor witness, Func<bool> condition)
    {
        var events = new List<RouteEvent>();
        while (!condition()) Assert.True(witness.Receive(events, TimeSpan.FromSeconds(10)), "nothing happened for 10 seconds");
    }

    private static List<RouteEvent> Drain(RouteMonitor monitor)
    {
        var events = new List<RouteEvent>();
        while (monitor.Receive(events, TimeSpan.Zero))
        {
        }
        return [.. events.Where(e => e is RouteChanged or RouteGone)];
    }

    private RouteDataplane New() => new(_netlink, new RouteOptions());

    private void MakePod()
    {
        _node.Ip("link", "add", "cali1", "type", "veth", "peer", "name", "pod1");
        _node.Ip("link", "set", "pod1", "up");
        _node.Ip("link", "set", "cali1", "up");
    }

    private List<KernelRoute> Ours() => [.. _netlink.ListRoutes(IpFamily.V4, protocol: 80), .. _netlink.ListRoutes(IpFamily.V6, protocol: 80)];
}
