using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Margay.Routing.Kernel;
using Xunit;
using static Margay.Routing.Tests.Routes.World;

namespace Margay.Routing.Tests.Kernel;

public sealed class RouteDataplaneTests : IDisposable
{
    private readonly FakeRouteNetlink _kernel = new();
    private readonly RouteDataplane _dataplane;

    public RouteDataplaneTests() => _dataplane = New();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_route_is_programmed_once()
    {
        MakeLink("calia");
        DataplaneUpdate[] all = [Remote("10.65.0.0/26", "192.0.2.2"), Own("10.66.0.0/26"), Local("10.66.0.1/32", "calia"), Remote("fd00::/122", "fd01::2"), Own("fd02::/122"), Local("fd02::1/128", "calia"), new InSync()];
        await _dataplane.ApplyAsync(all, Stop);
        Assert.Equal(6, Ours().Count);
        int writes = _kernel.Done.Count;

        await _dataplane.ApplyAsync(all, Stop);
        await _dataplane.ResyncAsync(Stop);
        await New().ApplyAsync(all, Stop);
        Assert.Equal(writes, _kernel.Done.Count);
    }

    [Fact]
    public async Task A_stale_route_goes_only_when_the_desired_state_is_complete()
    {
        await _dataplane.ApplyAsync([Own("10.66.0.0/26"), Own("10.67.0.0/26")], Stop);
        _kernel.Run(new AddRoute(new KernelRoute { Destination = IpPrefix.Parse("10.68.0.0/26"), Type = RouteType.Unreachable, Protocol = 80, Metric = 7 }));

        var restarted = New();
        await restarted.ApplyAsync([Own("10.66.0.0/26")], Stop);
        Assert.Equal(3, Ours().Count);
        await restarted.ApplyAsync([new InSync()], Stop);
        Assert.Equal(["10.66.0.0/26"], Ours().Select(r => r.Destination.ToString()));
    }

    [Fact]
    public async Task Routes_of_others_are_left_alone_and_one_in_the_way_keeps_ours_pending()
    {
        var foreign = new KernelRoute { Destination = IpPrefix.Parse("10.66.0.0/26"), Type = RouteType.Blackhole, Protocol = 4 };
        _kernel.Run(new AddRoute(foreign));
        var refused = await Assert.ThrowsAsync<RoutesPendingException>(async () => await _dataplane.ApplyAsync([Own("10.66.0.0/26"), Own("10.67.0.0/26"), new InSync()], Stop));
        Assert.Equal(Errno.EEXIST, Assert.Single(refused.Routes).Cause.Errno);
        Assert.Equal(["10.67.0.0/26"], Ours().Select(r => r.Destination.ToString()));
        Assert.Contains(foreign, _kernel.ListRoutes(IpFamily.V4));

        _kernel.Run(new DeleteRoute(foreign));
        await _dataplane.ApplyAsync([], Stop);
        Assert.Equal(2, Ours().Count);
    }

    [Fact]
    public async Task A_kernel_that_cannot_be_asked_loses_no_route()
    {
        _kernel.Refuse = _ => throw new LinuxException(Errno.ENOBUFS, "send");
        await Assert.ThrowsAsync<LinuxException>(async () => await _dataplane.ApplyAsync([Own("10.66.0.0/26"), new InSync()], Stop));
        _kernel.Refuse = null;
        await _dataplane.ApplyAsync([], Stop);
        Assert.Equal(["10.66.0.0/26"], Ours().Select(r => r.Destination.ToString()));
    }

    [Fact]
    public async Task A_route_waits_for_its_interface_and_is_programmed_when_that_appears()
    {
        await _dataplane.ApplyAsync([Local("10.66.0.1/32", "calia"), new InSync()], Stop);
        Assert.Empty(Ours());
        Assert.Equal(1, _dataplane.Waiting);
        var link = MakeLink("calia");
        await _dataplane.HandleAsync([new LinkChanged(link)], Stop);
        Assert.Equal(link.Index, Assert.Single(Ours()).Interface);
        Assert.Equal(0, _dataplane.Waiting);
    }

    [Fact]
    public async Task An_interface_that_goes_and_comes_back_gets_its_route_again()
    {
        var old = MakeLink("calia");
        await _dataplane.ApplyAsync([Local("10.66.0.1/32", "calia"), new InSync()], Stop);
        _kernel.Run(new DeleteLink(old.Index));
        await _dataplane.HandleAsync([new LinkGone(old)], Stop);
        Assert.Equal(1, _dataplane.Waiting);
        var link = MakeLink("calia");
        await _dataplane.HandleAsync([new LinkChanged(link)], Stop);
        Assert.Equal(link.Index, Assert.Single(Ours()).Interface);

        _kernel.Run(new ChangeLink(link.Index, new LinkChange { Up = false }));
        await _dataplane.HandleAsync([new LinkChanged(link with { IsUp = false })], Stop);
        Assert.Empty(Ours());
        _kernel.Run(new ChangeLink(link.Index, new LinkChange { Up = true }));
        await _dataplane.HandleAsync([new LinkChanged(link)], Stop);
        Assert.Single(Ours());
    }

    [Theory]
    [InlineData("10.66.0.1/32")]
    [InlineData("fd02::1/128")]
    public async Task Late_news_of_an_interface_that_was_down_neither_fail_nor_write(string prefix)
    {
        var link = MakeLink("calia");
        await _dataplane.ApplyAsync([Local(prefix, "calia"), new InSync()], Stop);
        int writes = _kernel.Done.Count;
        await _dataplane.HandleAsync([new LinkChanged(link with { IsUp = false }), new LinkChanged(link)], Stop);
        Assert.Equal(link.Index, Assert.Single(Ours()).Interface);
        Assert.Equal(writes, _kernel.Done.Count);
    }

    [Fact]
    public async Task A_route_of_ours_that_was_lost_sight_of_is_replaced_where_the_address_has_passed_to_another_pod()
    {
        var old = MakeLink("calia");
        var now = MakeLink("calib");
        await _dataplane.ApplyAsync([new InSync()], Stop);
        _kernel.Run(new AddRoute(new KernelRoute { Destination = IpPrefix.Parse("10.66.0.1/32"), Interface = old.Index, Protocol = 80, Scope = RouteScope.Link }));
        await _dataplane.ApplyAsync([Local("10.66.0.1/32", "calib")], Stop);
        Assert.Equal(now.Index, Assert.Single(Ours()).Interface);
    }

    [Fact]
    public async Task A_route_that_somebody_removes_or_changes_is_repaired()
    {
        await _dataplane.ApplyAsync([Own("10.66.0.0/26"), Own("10.67.0.0/26"), new InSync()], Stop);
        var removed = Ours()[0];
        _kernel.Run(new DeleteRoute(removed));
        Assert.Equal(1, await _dataplane.HandleAsync([new RouteGone(removed)], Stop));
        Assert.Equal(2, Ours().Count);

        _kernel.Run(new ReplaceRoute(removed with { Type = RouteType.Blackhole }));
        await _dataplane.ResyncAsync(Stop);
        Assert.All(Ours(), r => Assert.Equal(RouteType.Unreachable, r.Type));
    }

    [Fact]
    public async Task A_route_moves_from_one_kind_to_another_and_away()
    {
        MakeLink("calia");
        foreach (var route in new[] { Remote("10.66.0.1/32", "192.0.2.2"), Local("10.66.0.1/32", "calia"), Own("10.66.0.1/32"), Remote("10.66.0.1/32", "192.0.2.3") })
        {
            await _dataplane.ApplyAsync([route], Stop);
            Assert.Equal(route.Gateway, Assert.Single(Ours()).Gateway);
        }
        await _dataplane.ApplyAsync([Gone("10.66.0.1/32")], Stop);
        await _dataplane.ApplyAsync([Gone("10.66.0.1/32")], Stop);
        Assert.Empty(Ours());
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_tried_again_and_everything_else_is_done()
    {
        _kernel.Refuse = o => o is AddRoute { Route.Gateway: not null } ? Errno.ENETUNREACH : 0;
        var refused = await Assert.ThrowsAsync<RoutesPendingException>(async () =>
            await _dataplane.ApplyAsync([Remote("10.65.0.0/26", "192.0.2.2"), Own("10.66.0.0/26"), new InSync()], Stop));
        Assert.Contains("10.65.0.0/26", refused.Message, StringComparison.Ordinal);
        Assert.Single(Ours());
        _kernel.Refuse = null;
        await _dataplane.ApplyAsync([], Stop);
        Assert.Equal(2, Ours().Count);
    }

    public void Dispose() => _dataplane.Dispose();

    private RouteDataplane New() => new(_kernel, new RouteOptions());

    private Link MakeLink(string name)
    {
        _kernel.Run(new CreateVeth(new VethPair { Name = name, PeerName = $"{name}p" }));
        _kernel.Run(new ChangeLink(_kernel.FindLink(name)!.Index, new LinkChange { Up = true }));
        return _kernel.FindLink(name)!;
    }

    private List<KernelRoute> Ours() => [.. _kernel.ListRoutes(IpFamily.V4, protocol: 80), .. _kernel.ListRoutes(IpFamily.V6, protocol: 80)];
}
