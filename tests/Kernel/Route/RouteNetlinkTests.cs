using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Kernel.Tests.Route;

public sealed class RouteNetlinkTests : IDisposable
{
    private readonly TestNamespace _host = new("host");
    private readonly TestNamespace _pod = new("pod");
    private readonly RouteNetlink _netlink;

    public RouteNetlinkTests() => _netlink = RouteNetlink.OpenIn(_host.Path);

    [Fact]
    public void A_veth_pair_is_born_with_its_other_end_in_another_namespace()
    {
        using var ns = File.OpenHandle(_pod.Path);
        var mac = MacAddress.Parse("ee:ee:ee:ee:ee:ee");
        _netlink.Run(new CreateVeth(new VethPair { Name = "veth0", PeerName = "eth0", PeerNamespace = ns, Address = mac, Mtu = 1400 }));

        var link = _netlink.FindLink("veth0");
        using var inside = RouteNetlink.OpenIn(_pod.Path);
        var peer = inside.FindLink("eth0");

        Assert.NotNull(link);
        Assert.NotNull(peer);
        Assert.Equal(("veth", mac, 1400, false), (link.Kind, link.Address, link.Mtu, link.IsUp));
        Assert.Equal((link.Index, peer.Index), (peer.Peer, link.Peer));
        Assert.NotNull(link.PeerNamespaceId);
        Assert.Contains(_netlink.ListLinks(), l => l.Name == "veth0");
        Assert.Null(_netlink.FindLink("eth0"));
    }

    [Fact]
    public void Everything_that_a_link_change_says_is_done()
    {
        int index = MakeVeth();
        _netlink.Run(new ChangeLink(index, new LinkChange
        {
            Up = true, Alias = "owner", Mtu = 1280, Group = 7, Ipv4Forwarding = true, Ipv4ReversePathFilter = 2, Ipv4RouteLocalnet = true, Ipv6Eui64 = true,
        }));

        var link = _netlink.FindLink(index)!;
        Assert.Equal((true, "owner", 1280, 7u), (link.IsUp, link.Alias, link.Mtu, link.Group));
        string[] settings = NetworkNamespace.Run(_host.Path, () => new[] { "forwarding", "rp_filter", "route_localnet" }
            .Select(s => Sysctl.Read($"ipv4/conf/veth0/{s}") ?? "").ToArray());
        Assert.Equal(["1", "2", "1"], settings);

        _netlink.Run(new ChangeLink(index, new LinkChange { Up = false, Name = "other", Alias = "" }));
        Assert.Equal("", _netlink.FindLink("other")!.Alias);
    }

    [Theory]
    [InlineData("10.65.0.7/32", "169.254.1.1", "10.66.0.0/26")]
    [InlineData("fd00::7/128", "fe80::1", "fd01::/122")]
    public void Addresses_neighbours_and_routes_come_back_as_they_were_set(string own, string hop, string far)
    {
        int index = MakeVeth();
        var address = new InterfaceAddress(index, IpPrefix.Parse(own).Address, IpPrefix.Parse(own).Length);
        var neighbour = new PermanentNeighbour(index, IpAddr.Parse(hop), MacAddress.Parse("02:00:00:00:00:01"));
        var route = new KernelRoute { Destination = IpPrefix.Parse(far), Gateway = IpAddr.Parse(hop), OnLink = true, Interface = index, Protocol = 80, Metric = 5 };
        RouteOperation[] all = [new ChangeLink(index, new LinkChange { Up = true }), new SetAddress(address), new SetNeighbour(neighbour), new ReplaceRoute(route)];

        _netlink.Run(all);
        _netlink.Run(all);

        Assert.Contains(address, _netlink.ListAddresses(index));
        Assert.Equal([neighbour], _netlink.ListNeighbours(index));
        var family = route.Destination.Family;
        var found = Assert.Single(_netlink.ListRoutes(family, protocol: 80));
        // IPv6 does not report the flag back when the gateway is on the link anyway.
        Assert.Equal(route with { OnLink = found.OnLink }, found);

        _netlink.Run(new DeleteRoute(route), new RemoveNeighbour(index, neighbour.Address), new RemoveAddress(address));
        Assert.Empty(_netlink.ListRoutes(family, protocol: 80));
        Assert.Empty(_netlink.ListNeighbours(index));
        Assert.DoesNotContain(address, _netlink.ListAddresses());
    }

    [Theory]
    [InlineData("10.67.0.0/26", RouteType.Unreachable)]
    [InlineData("10.67.0.0/26", RouteType.Blackhole)]
    [InlineData("fd02::/122", RouteType.Unreachable)]
    public void Routes_that_lead_nowhere_need_no_interface(string far, RouteType type)
    {
        var route = new KernelRoute { Destination = IpPrefix.Parse(far), Type = type, Protocol = 80 };
        _netlink.Run(new AddRoute(route));

        var found = Assert.Single(_netlink.ListRoutes(route.Destination.Family, protocol: 80));
        Assert.Equal(type, found.Type);
        var refused = Assert.Single(_netlink.TryRun([new AddRoute(route)]));
        Assert.Equal(Errno.EEXIST, refused.Cause.Errno);
        _netlink.Run(new DeleteRoute(found));
    }

    [Fact]
    public void A_refused_operation_is_named_and_does_not_stop_the_others()
    {
        var good = new KernelRoute { Destination = IpPrefix.Parse("10.1.0.0/16"), Type = RouteType.Blackhole, Protocol = 80 };
        var bad = new DeleteRoute(new KernelRoute { Destination = IpPrefix.Parse("10.2.0.0/16"), Protocol = 80 });
        var refused = _netlink.TryRun([bad, new AddRoute(good), new DeleteLink(9999)]);

        Assert.Equal([bad, new DeleteLink(9999)], refused.Select(r => r.Operation));
        Assert.Contains("10.2.0.0/16", refused[0].Cause.Message, StringComparison.Ordinal);
        Assert.Single(_netlink.ListRoutes(IpFamily.V4, protocol: 80));
    }

    [Fact]
    public void A_group_of_links_goes_at_once()
    {
        _netlink.Run(new CreateVeth(new VethPair { Name = "a0", PeerName = "a1" }), new CreateVeth(new VethPair { Name = "b0", PeerName = "b1" }));
        foreach (string name in new[] { "a0", "b0" })
            _netlink.Run(new ChangeLink(_netlink.FindLink(name)!.Index, new LinkChange { Group = 80 }));
        _netlink.Run(new DeleteLinkGroup(80));

        Assert.Equal(["lo"], _netlink.ListLinks().Select(l => l.Name));
        Assert.Equal(Errno.ENODEV, Assert.Single(_netlink.TryRun([new DeleteLinkGroup(80)])).Cause.Errno);
    }

    [Fact]
    public void A_monitor_hears_of_links_and_routes()
    {
        using var monitor = RouteMonitor.OpenIn(_host.Path);
        int index = MakeVeth();
        var route = new KernelRoute { Destination = IpPrefix.Parse("10.1.0.0/16"), Type = RouteType.Blackhole, Protocol = 80 };
        _netlink.Run(new AddRoute(route), new DeleteRoute(route), new DeleteLink(index));

        var events = new List<RouteEvent>();
        while (!events.OfType<LinkGone>().Any(e => e.Link.Name == "veth0"))
            Assert.True(monitor.Receive(events, TimeSpan.FromSeconds(10)));
        Assert.Contains(events, e => e is LinkChanged { Link.Name: "veth0" });
        Assert.Contains(events, e => e is RouteChanged { Route.Type: RouteType.Blackhole });
        Assert.Contains(events, e => e is RouteGone { Route.Type: RouteType.Blackhole });
    }

    [Fact]
    public void Rules_are_listed()
    {
        _host.Ip("rule", "add", "priority", "99", "fwmark", "0x10/0xf0", "table", "1001");
        Assert.Contains(new RoutingRule(IpFamily.V4, 99, 1001, 0x10, 0xf0), _netlink.ListRules(IpFamily.V4));
        Assert.Contains(_netlink.ListRules(IpFamily.V6), r => r.Table == KernelRoute.MainTable);
    }

    public void Dispose()
    {
        _netlink.Dispose();
        _host.Dispose();
        _pod.Dispose();
    }

    private int MakeVeth()
    {
        _netlink.Run(new CreateVeth(new VethPair { Name = "veth0", PeerName = "veth1" }));
        _netlink.Run(new ChangeLink(_netlink.FindLink("veth1")!.Index, new LinkChange { Up = true }));
        return _netlink.FindLink("veth0")!.Index;
    }
}
