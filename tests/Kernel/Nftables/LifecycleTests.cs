using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Xunit;
using static Margay.Kernel.Tests.Harness.Records;

namespace Margay.Kernel.Tests.Nftables;

/// <summary>Restart, drift, edits and removals, against the kernel.</summary>
public sealed class LifecycleTests : IDisposable
{
    private readonly TestNamespace _ns = new("life");
    private readonly KernelNftables _nft;

    public LifecycleTests() => _nft = KernelNftables.OpenIn(_ns.Path);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ImmutableArray<DataplaneUpdate> World { get; } =
    [
        new NodeSettings(),
        new PoolsUpdate([new DataplanePool(IpPrefix.Parse("10.65.0.0/16"), true), new DataplanePool(IpPrefix.Parse("fd65::/64"), true)]),
        NetSet("s:clients", "10.65.0.1/32", "10.65.0.2/32", "fd65::1/128"),
        NetSet("s:nets", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "192.168.0.0/16", "0.0.0.0/0", "::/0"),
        new IpSetUpdate(new("n:http"), IpSetKind.AddressAndPort, [new(IpPrefix.Parse("10.65.0.1/32"), 6, 80), new(IpPrefix.Parse("fd65::1/128"), 6, 80)]),
        OpenProfile,
        GlobalPolicy("web", ingress:
        [
            Rule(RuleAction.Allow, 6, InSet("s:clients"), Ports(80, 443)),
            Rule(RuleAction.Log, 6, new EntityMatch { NotIpSets = [new("s:nets")] }),
            Rule(RuleAction.Pass, 17, destination: new EntityMatch { NamedPortSets = [new("n:http")], Ports = [new PortRange(1, 5)] }),
            Rule(RuleAction.Deny) with { NotProtocol = 132, NotIcmp = new IcmpMatch(3, 4) },
        ]),
        GlobalPolicy("out", egress: [Rule(RuleAction.Allow, destination: Nets("10.0.0.0/8", "192.168.0.0/16", "fd00::/8")), Rule(RuleAction.Deny, 1) with { Icmp = new IcmpMatch(8, 0) }]),
        Pod("a", 1, [Tier("web")], [Tier("out")]),
        Pod("b", 2, [Tier("web")], []) with { AllowedSources = [IpPrefix.Parse("10.99.0.0/24"), IpPrefix.Parse("fd99::/64")] },
        new InSync(),
    ];

    [Fact]
    public async Task A_restart_with_an_unchanged_world_writes_nothing()
    {
        await StartAsync();
        uint generation = _nft.ReadGeneration();

        using var restarted = await StartAsync();
        await restarted.ResyncAsync(Stop);

        Assert.Equal(generation, _nft.ReadGeneration());
    }

    [Fact]
    public async Task A_restart_removes_nothing_before_everything_was_sent_and_what_is_stale_after_that()
    {
        await StartAsync();
        using var restarted = new NftablesDataplane(_nft);
        uint generation = _nft.ReadGeneration();

        await restarted.ApplyAsync([.. World.Take(4)], Stop);
        Assert.Equal(generation, _nft.ReadGeneration());
        await restarted.ApplyAsync([.. World.Skip(4).Where(update => update is not InSync and not WorkloadEndpointUpdate)], Stop);
        Assert.Equal(generation, _nft.ReadGeneration());
        await restarted.ApplyAsync([.. World.Where(update => update is WorkloadEndpointUpdate { Id.Name: "a" } or InSync)], Stop);

        var table = Read();
        Assert.Single(table.Sets["from-workload"].Elements);
        Assert.DoesNotContain(table.Sets.Keys, name => name.StartsWith("allowed-sources4/", StringComparison.Ordinal));
        using var fresh = new TestNamespace("fresh");
        using var nft = KernelNftables.OpenIn(fresh.Path);
        using var other = new NftablesDataplane(nft);
        await other.ApplyAsync([.. World.Where(update => update is not WorkloadEndpointUpdate { Id.Name: "b" })], Stop);
        Assert.Equal(Text(nft.Read(NftablesDataplane.Table)!), Text(table));
    }

    [Theory]
    [InlineData("delete table inet margay")]
    [InlineData("flush chain inet margay forward")]
    [InlineData("add rule inet margay in/gnp/web accept")]
    [InlineData("insert rule inet margay input accept")]
    [InlineData("add element inet margay a4/s-clients { 10.66.6.6 }")]
    [InlineData("delete element inet margay a4/s-clients { 10.65.0.1 }")]
    [InlineData("flush map inet margay from-workload")]
    [InlineData("add chain inet margay mine; add rule inet margay mine accept; add rule inet margay forward jump mine")]
    [InlineData("add set inet margay mine { type ipv4_addr; flags timeout; }")]
    [InlineData("add set inet margay mine { type ipv4_addr; }")]
    [InlineData("add chain inet margay forward { policy drop; }")]
    [InlineData("flush ruleset")]
    [InlineData("flush table inet margay")]
    [InlineData("delete element inet margay from-workload { \"calia\" }; add element inet margay from-workload { \"calia\" : accept }")]
    [InlineData("flush set inet margay n4/s-nets; add element inet margay n4/s-nets { 10.0.0.0/24, 10.1.0.0/16 }")]
    public async Task Drift_is_found_and_repaired(string damage)
    {
        using var dataplane = await StartAsync();
        string before = Text(Read());
        _ns.Exec("nft", damage);

        await dataplane.ResyncAsync(Stop);

        Assert.Equal(before, Text(Read()));
        uint generation = _nft.ReadGeneration();
        await dataplane.ResyncAsync(Stop);
        Assert.Equal(generation, _nft.ReadGeneration());
    }

    [Fact]
    public async Task A_write_onto_drift_fails_and_the_next_call_repairs_everything()
    {
        using var dataplane = await StartAsync();
        _ns.Exec("nft", "delete", "element", "inet", "margay", "a4/s-clients", "{ 10.65.0.1 }");
        var delta = new IpSetDelta(new("s:clients"), [new(IpPrefix.Parse("10.65.0.9/32"))], [new(IpPrefix.Parse("10.65.0.1/32"))]);

        await Assert.ThrowsAsync<NetlinkException>(async () => await dataplane.ApplyAsync([delta], Stop));
        await dataplane.ApplyAsync([], Stop);

        Assert.Equal(["10.65.0.2", "10.65.0.9"], Elements("a4/s-clients"));
    }

    [Fact]
    public async Task Foreign_tables_are_never_touched()
    {
        _ns.Exec("nft", "add table inet other; add chain inet other c { type filter hook forward priority 0; }; add rule inet other c ip saddr 1.2.3.4 drop; add set inet other from-workload { type ipv4_addr; }");
        string before = _ns.Exec("nft", "list", "table", "inet", "other");

        using var dataplane = await StartAsync();
        _ns.Exec("nft", "delete", "table", "inet", "margay");
        await dataplane.ResyncAsync(Stop);

        Assert.Equal(before, _ns.Exec("nft", "list", "table", "inet", "other"));
    }

    [Fact]
    public async Task Removing_everything_leaves_the_standing_rules()
    {
        using var empty = new NftablesDataplane(_nft);
        await empty.ApplyAsync([new NodeSettings(), new InSync()], Stop);
        string standing = Text(Read());
        using var dataplane = await StartAsync();

        await dataplane.ApplyAsync(
        [
            new WorkloadEndpointRemove(new("test", "a", "eth0")), new WorkloadEndpointRemove(new("test", "b", "eth0")),
            new PolicyRemove(Gnp("web")), new PolicyRemove(Gnp("out")), new ProfileRemove(Open), new PoolsUpdate([]),
            new IpSetRemove(new("s:clients")), new IpSetRemove(new("s:nets")), new IpSetRemove(new("n:http")),
        ], Stop);

        Assert.Equal(standing, Text(Read()));
    }

    [Fact]
    public async Task An_edit_touches_the_rules_that_differ_and_the_others_keep_their_handles()
    {
        using var dataplane = await StartAsync();
        var before = _nft.ReadRules(NftablesDataplane.Table, "in/gnp/web");
        var policy = World.OfType<PolicyUpdate>().First();
        var edited = policy with { Ingress = policy.Ingress.SetItem(0, policy.Ingress[0] with { Destination = Ports(81) }) };

        await dataplane.ApplyAsync([edited], Stop);
        var after = _nft.ReadRules(NftablesDataplane.Table, "in/gnp/web");

        Assert.Equal(before[2..].Select(rule => rule.Handle), after[2..].Select(rule => rule.Handle));
        Assert.NotEqual(before[0], after[0]);
        Assert.DoesNotContain(Read().Sets.Keys, name => name.StartsWith("ports/", StringComparison.Ordinal) && Elements(name).SequenceEqual(["80", "443"]));
        uint generation = _nft.ReadGeneration();
        await dataplane.ResyncAsync(Stop);
        Assert.Equal(generation, _nft.ReadGeneration());
    }

    [Fact]
    public async Task A_member_is_one_small_transaction()
    {
        using var dataplane = await StartAsync();
        uint generation = _nft.ReadGeneration();

        await dataplane.ApplyAsync([new IpSetDelta(new("s:clients"), [new(IpPrefix.Parse("10.65.0.9/32"))], [])], Stop);

        Assert.Equal(generation + 1, _nft.ReadGeneration());
        Assert.Equal(["10.65.0.1", "10.65.0.2", "10.65.0.9"], Elements("a4/s-clients"));
    }

    [Fact]
    public async Task A_prefix_turns_a_hash_set_into_an_interval_set_and_the_rules_follow()
    {
        using var dataplane = await StartAsync();

        await dataplane.ApplyAsync([new IpSetDelta(new("s:clients"), [new(IpPrefix.Parse("10.65.0.0/30")), new(IpPrefix.Parse("10.66.0.0/16"))], [])], Stop);

        Assert.Equal(["10.65.0.0-10.65.0.3", "10.66.0.0-10.66.255.255"], Elements("n4/s-clients"));
        Assert.DoesNotContain("a4/s-clients", Read().Sets.Keys);
        Assert.Contains(Read().Chains["in/gnp/web"].Rules, rule => rule.ToString().Contains("ip saddr @n4/s-clients", StringComparison.Ordinal));

        await dataplane.ApplyAsync([new IpSetDelta(new("s:clients"), [], [new(IpPrefix.Parse("10.65.0.0/30"))])], Stop);
        Assert.Equal(["10.65.0.1", "10.65.0.2", "10.66.0.0-10.66.255.255"], Elements("n4/s-clients"));
        uint generation = _nft.ReadGeneration();

        using var restarted = new NftablesDataplane(_nft);
        await restarted.ApplyAsync([.. World.Where(update => update is not IpSetUpdate { Id.Value: "s:clients" } and not InSync), NetSet("s:clients", "10.65.0.1/32", "10.65.0.2/32", "10.66.0.0/16", "fd65::1/128"), new InSync()], Stop);
        Assert.Equal(generation, _nft.ReadGeneration());
    }

    [Fact]
    public async Task Settings_change_the_standing_rules_and_back()
    {
        using var dataplane = await StartAsync();
        string before = Text(Read());

        await dataplane.ApplyAsync([new NodeSettings { InterfacePrefixes = ["cali", "tap"], EndpointToHost = EndpointToHostAction.Return, DropInvalid = false, RejectInsteadOfDrop = true, Ipv6 = false }], Stop);
        string changed = Text(Read());
        Assert.Contains("\"tap*\"", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("input-to-host", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("a6/", changed, StringComparison.Ordinal);
        await dataplane.ApplyAsync([new NodeSettings()], Stop);

        Assert.Equal(before, Text(Read()));
    }

    public void Dispose()
    {
        _nft.Dispose();
        _ns.Dispose();
    }

    private async Task<NftablesDataplane> StartAsync()
    {
        var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync(World, Stop);
        return dataplane;
    }

    private NftTableState Read() => _nft.Read(NftablesDataplane.Table)!;

    private IEnumerable<string> Elements(string set)
    {
        var state = Read().Sets[set];
        return state.Elements.Select(element => element.Print(state.Set)).Order(StringComparer.Ordinal);
    }

    private static WorkloadEndpointUpdate Pod(string name, int number, ImmutableArray<TierBinding> ingress, ImmutableArray<TierBinding> egress) => new()
    {
        Id = new EndpointId("test", name, "eth0"),
        HostInterface = "cali" + name,
        Addresses = [IpAddr.Parse($"10.65.0.{number}"), IpAddr.Parse($"fd65::{number}")],
        IngressTiers = ingress,
        EgressTiers = egress,
        Profiles = [Open],
    };

    // Everything but handles and counters, in a fixed order.
    private static string Text(NftTableState table)
    {
        var lines = new List<string>();
        foreach (var chain in table.Chains.Values) lines.Add($"chain {chain.Chain}\n  {string.Join("\n  ", chain.Rules)}");
        foreach (var set in table.Sets.Values)
            lines.Add($"set {set.Set}: {string.Join(", ", set.Elements.Select(element => element.Print(set.Set)).Order(StringComparer.Ordinal))}");
        lines.AddRange(table.ForeignSets.Select(name => $"foreign {name}"));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
