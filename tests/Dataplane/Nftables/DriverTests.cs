using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Dataplane.Nftables.Tests;

/// <summary>The driver on the fake.</summary>
public sealed class DriverTests
{
    private static readonly PolicyId Web = new(PolicyKind.GlobalNetworkPolicy, "", "web");
    private static readonly IpSetId Clients = new("s:clients");

    private readonly FakeNftables _nft = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ImmutableArray<DataplaneUpdate> World { get; } =
    [
        new NodeSettings(),
        new IpSetUpdate(Clients, IpSetKind.Net, [new(IpPrefix.Parse("10.65.0.9/32"))]),
        new PolicyUpdate(Web, "default", [new PolicyRule { Id = new RuleId("default", Web, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Source = new EntityMatch { IpSets = [Clients] } }], []),
        new WorkloadEndpointUpdate
        {
            Id = new EndpointId("shop", "web-1", "eth0"), HostInterface = "cali1", Addresses = [IpAddr.Parse("10.65.0.1")],
            IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, [Web])],
        },
        new InSync(),
    ];

    [Fact]
    public async Task The_first_transaction_has_the_standing_rules_even_without_records()
    {
        using var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync([], Stop);

        string first = Assert.Single(_nft.Log);
        Assert.Contains("add rule inet margay forward iifname \"cali*\" counter drop comment \"workload interface without policy\"", first, StringComparison.Ordinal);
        Assert.Contains("add rule inet margay forward-to-workload oifname \"cali*\" counter drop", first, StringComparison.Ordinal);
        Assert.Contains("add rule inet margay output oifname \"cali*\" oifname != @workloads counter drop", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kernel_that_cannot_be_read_loses_no_record()
    {
        using var dataplane = new NftablesDataplane(new UnreadableOnce(_nft));
        await Assert.ThrowsAsync<NetlinkException>(async () => await dataplane.ApplyAsync(World, Stop));
        await dataplane.ApplyAsync([], Stop);
        Assert.NotEmpty(_nft.Read(NftablesDataplane.Table)!.Sets["to-workload"].Elements);
    }

    [Fact]
    public async Task A_rule_about_requests_is_not_there_and_rejecting_answers()
    {
        using var dataplane = new NftablesDataplane(_nft);
        var rule = new PolicyRule { Id = new RuleId("default", Web, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Http = new HttpRequests(["GET"], []) };
        await dataplane.ApplyAsync(
            [
                .. World[..2], new PolicyUpdate(Web, "default", [rule, rule with { Action = RuleAction.Deny, Http = null, Reject = true, Protocol = 17 }], []),
                ((WorkloadEndpointUpdate)World[3]) with { IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, [Web]) { Reject = true }] }, World[4],
            ], Stop);

        var table = _nft.Read(NftablesDataplane.Table)!;
        Assert.Equal(
            ["meta l4proto udp counter reject comment \"default/gnp:web/ingress/0\""], table.Chains["in/gnp/web"].Rules.Select(static r => r.ToString()));
        string chain = Assert.Single(table.Sets["to-workload"].Elements).Verdict!.Chain!;
        Assert.Contains("counter reject comment \"default/gnp:web/ingress/-1\"", table.Chains[chain].Rules.Select(static r => r.ToString()));
    }

    [Fact]
    public async Task A_host_endpoint_is_refused_aloud()
    {
        using var dataplane = new NftablesDataplane(_nft);
        var refused = await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await dataplane.ApplyAsync([new HostEndpointUpdate { Id = new("eth0-of-n1"), Node = "n1", InterfaceName = "eth0" }], Stop));
        Assert.Contains("'eth0-of-n1'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_is_dispatched_to_the_chain_of_its_binding()
    {
        using var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync(World, Stop);

        var table = _nft.Read(NftablesDataplane.Table)!;
        string chain = Assert.Single(table.Sets["to-workload"].Elements).Verdict!.Chain!;
        Assert.Equal(
            ["jump in/gnp/web", "counter drop comment \"default/gnp:web/ingress/-1\"", "counter drop comment \"-/profile:/ingress/-1\""],
            table.Chains[chain].Rules.Select(static rule => rule.ToString()));
        Assert.Equal(
            ["meta nfproto ipv4 ip saddr @a4/s-clients counter accept comment \"default/gnp:web/ingress/0\""],
            table.Chains["in/gnp/web"].Rules.Select(static rule => rule.ToString()));
    }

    [Fact]
    public async Task The_same_records_again_write_nothing()
    {
        using var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync(World, Stop);
        await dataplane.ApplyAsync(World, Stop);
        await dataplane.ResyncAsync(Stop);

        Assert.Equal(1, _nft.Generation);
    }

    [Fact]
    public async Task A_member_is_one_operation()
    {
        using var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync(World, Stop);
        await dataplane.ApplyAsync([new IpSetDelta(Clients, [new(IpPrefix.Parse("10.65.0.8/32"))], [new(IpPrefix.Parse("10.65.0.9/32"))])], Stop);

        Assert.Equal(
            "delete element inet margay a4/s-clients { 10.65.0.9 }\nadd element inet margay a4/s-clients { 10.65.0.8 }\n",
            _nft.Log[^1].ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(Errno.EBUSY)]
    [InlineData(Errno.ENOBUFS)]
    public async Task What_the_kernel_refuses_is_reported_and_done_by_the_next_call(int errno)
    {
        using var dataplane = new NftablesDataplane(_nft);
        await dataplane.ApplyAsync(World, Stop);
        _nft.FailNext = errno;

        var refusal = await Assert.ThrowsAsync<NetlinkException>(async () =>
            await dataplane.ApplyAsync([new IpSetDelta(Clients, [new(IpPrefix.Parse("10.65.0.8/32"))], [])], Stop));
        await dataplane.ApplyAsync([], Stop);

        Assert.Equal(errno, refusal.Errno);
        Assert.Equal(2, _nft.Read(NftablesDataplane.Table)!.Sets["a4/s-clients"].Elements.Count);
    }

    [Fact]
    public async Task Hundreds_of_policies_become_groups_that_members_reach_as_elements()
    {
        using var dataplane = new NftablesDataplane(_nft);
        var ids = Enumerable.Range(0, 300).Select(static i => new PolicyId(PolicyKind.GlobalNetworkPolicy, "", $"p{i}")).ToImmutableArray();
        var updates = new List<DataplaneUpdate>();
        foreach (var (id, i) in ids.Select(static (id, i) => (id, i)))
        {
            var set = new IpSetId($"s:{i}");
            updates.Add(new IpSetUpdate(set, IpSetKind.Net, [new(IpAddr.FromV4(0x0a000000 + (uint)i).ToPrefix())]));
            updates.Add(new PolicyUpdate(id, "default", [new PolicyRule { Id = new RuleId("default", id, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Source = new EntityMatch { IpSets = [set] } }], []));
        }
        updates.Add(((WorkloadEndpointUpdate)World[3]) with { IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, ids)] });
        await dataplane.ApplyAsync([.. updates, new InSync()], Stop);
        var table = _nft.Read(NftablesDataplane.Table)!;
        string chain = Assert.Single(table.Sets["to-workload"].Elements).Verdict!.Chain!;

        await dataplane.ApplyAsync([new IpSetDelta(new("s:7"), [new(IpPrefix.Parse("10.9.9.9/32"))], [])], Stop);
        string member = _nft.Log[^1];

        Assert.InRange(table.Chains[chain].Rules.Count, 3, 16);
        Assert.All(ids, id => Assert.Contains(table.Chains.Values, other => other.Rules.Exists(rule => rule.ToString() == $"jump in/gnp/{id.Name}")));
        Assert.DoesNotContain("rule", member, StringComparison.Ordinal);
        Assert.Equal(3, member.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using var restarted = new NftablesDataplane(_nft);
        int generation = _nft.Generation;
        await restarted.ApplyAsync([.. updates, new IpSetDelta(new("s:7"), [new(IpPrefix.Parse("10.9.9.9/32"))], []), new InSync()], Stop);
        Assert.Equal(generation, _nft.Generation);
    }

    private sealed class UnreadableOnce(INftables inner) : INftables
    {
        private bool _failed;

        public void Commit(NftTransaction transaction) => inner.Commit(transaction);

        public NftTableState? Read(NftTableId table)
        {
            if (_failed) return inner.Read(table);
            _failed = true;
            throw new NetlinkException(Errno.EINTR, "read", null);
        }

        public List<NftRule> ReadRules(NftTableId table, string chain) => inner.ReadRules(table, chain);
    }
}
