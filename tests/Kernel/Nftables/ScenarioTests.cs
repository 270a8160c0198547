using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Nftables;
using Xunit;
using static Margay.Kernel.Tests.Harness.Records;

namespace Margay.Kernel.Tests.Nftables;

/// <summary>Real packets through the nftables driver.</summary>
public sealed class ScenarioTests
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private static readonly IpFamily[] Families = [IpFamily.V4, IpFamily.V6];

    [Fact]
    public Task Without_policy_the_profile_opens_everything_but_the_node() => RunAsync(lab =>
        (
            [OpenProfile, Endpoint(lab, "a"), Endpoint(lab, "b")],
            [.. Families.SelectMany(family => new[]
            {
                Probe.Tcp("a", "b", 80, true, family), Probe.Udp("a", "b", 53, true, family), Probe.Icmp("a", "b", true, family),
                Probe.Tcp("outside", "a", 80, true, family), Probe.Tcp("a", "outside", 80, true, family),
                Probe.Tcp("node", "a", 80, true, family), Probe.Icmp("node", "a", true, family),
                Probe.Tcp("a", "node", 80, false, family), Probe.Icmp("a", "node", false, family),
                Probe.Tcp("outside", "node", 80, true, family),
            })]
        ));

    [Fact]
    public Task An_interface_without_policy_is_closed_in_every_direction() => RunAsync(lab =>
        (
            [OpenProfile, Endpoint(lab, "a")],
            [.. Families.SelectMany(family => new[]
            {
                Probe.Tcp("a", "b", 80, false, family), Probe.Tcp("b", "a", 80, false, family), Probe.Udp("outside", "b", 80, false, family),
                Probe.Tcp("b", "outside", 80, false, family), Probe.Tcp("node", "b", 80, false, family), Probe.Icmp("b", "node", false, family),
            })]
        ));

    [Fact]
    public Task The_end_of_a_tier_denies_and_ports_and_sets_select() => RunAsync(lab =>
        (
            [
                OpenProfile,
                NetSet("s:clients", $"{lab["a"].V4}/32", $"{lab["a"].V6}/128"),
                GlobalPolicy("web", ingress: [Rule(RuleAction.Allow, Tcp, InSet("s:clients"), Ports(80, 443, 8080))]),
                Endpoint(lab, "a"), Endpoint(lab, "c"),
                Endpoint(lab, "b", ingress: [Tier("web")]),
            ],
            [.. Families.SelectMany(family => new[]
            {
                Probe.Tcp("a", "b", 80, true, family), Probe.Tcp("a", "b", 8080, true, family), Probe.Tcp("a", "b", 81, false, family),
                Probe.Udp("a", "b", 80, false, family), Probe.Icmp("a", "b", false, family), Probe.Tcp("c", "b", 80, false, family),
                Probe.Tcp("outside", "b", 80, false, family), Probe.Tcp("node", "b", 80, true, family), Probe.Tcp("b", "c", 80, true, family),
            })]
        ));

    [Fact]
    public Task Pass_skips_the_rest_of_its_tier_only() => RunAsync(lab =>
        (
            [
                OpenProfile,
                GlobalPolicy("first", ingress: [Rule(RuleAction.Pass, Tcp, destination: Ports(80)), Rule(RuleAction.Deny, Tcp, destination: Ports(81))], tier: "sec"),
                GlobalPolicy("second", ingress: [Rule(RuleAction.Deny, Tcp, destination: Ports(80)), Rule(RuleAction.Pass, Tcp, destination: Ports(82, 83))], tier: "sec"),
                GlobalPolicy("app", ingress: [Rule(RuleAction.Allow, Tcp, destination: Ports(80, 81)), Rule(RuleAction.Pass, Tcp, destination: Ports(83)), Rule(RuleAction.Deny, Tcp)]),
                Endpoint(lab, "a"),
                Endpoint(lab, "b", ingress: [Tier("sec", TierDefaultAction.Deny, "first", "second"), Tier("app")]),
                Endpoint(lab, "c", ingress: [Tier("sec", TierDefaultAction.Pass, "first", "second"), Tier("app")]),
            ],
            [
                Probe.Tcp("a", "b", 80, true), Probe.Tcp("a", "b", 81, false), Probe.Tcp("a", "b", 82, false), Probe.Tcp("a", "b", 83, true),
                Probe.Tcp("a", "b", 84, false), Probe.Udp("a", "b", 84, false),
                Probe.Tcp("a", "c", 80, true), Probe.Tcp("a", "c", 81, false), Probe.Tcp("a", "c", 84, false), Probe.Udp("a", "c", 84, false),
            ]
        ));

    [Fact]
    public Task Nets_negations_and_ranges_hold() => RunAsync(lab =>
        (
            [
                OpenProfile,
                NetSet("s:all", "10.65.0.0/16", $"{lab["a"].V4}/32", "fd65::/64"),
                NetSet("s:c", $"{lab["c"].V4}/32"),
                GlobalPolicy("p", ingress:
                [
                    Rule(RuleAction.Deny, Tcp, new EntityMatch { IpSets = [new("s:all")], NotIpSets = [new("s:c")] }, new EntityMatch { Ports = [new PortRange(100, 200)] }),
                    Rule(RuleAction.Allow, Tcp, new EntityMatch { Nets = [IpPrefix.Parse("10.65.0.0/24"), IpPrefix.Parse("10.65.0.0/16")] }, new EntityMatch { NotPorts = [new PortRange(90, 99)] }),
                    Rule(RuleAction.Allow, Udp, new EntityMatch { NotNets = [IpPrefix.Parse("10.65.0.0/16")] }),
                    Rule(RuleAction.Allow, source: InSet("s:c")) with { NotProtocol = Tcp, NotIcmp = new IcmpMatch(8, null) },
                ]),
                Endpoint(lab, "a"), Endpoint(lab, "c"), Endpoint(lab, "b", ingress: [Tier("p")]),
            ],
            [
                Probe.Tcp("a", "b", 80, true), Probe.Tcp("a", "b", 95, false), Probe.Tcp("a", "b", 150, false), Probe.Tcp("c", "b", 150, true),
                Probe.Tcp("a", "b", 80, false, IpFamily.V6), Probe.Udp("outside", "b", 80, true), Probe.Udp("a", "b", 80, false),
                Probe.Udp("c", "b", 80, true), Probe.Icmp("c", "b", false), Probe.Udp("outside", "b", 80, true, IpFamily.V6),
            ]
        ));

    [Fact]
    public Task Named_ports_services_icmp_and_egress_hold() => RunAsync(lab =>
        (
            [
                OpenProfile,
                new IpSetUpdate(new("n:http"), IpSetKind.AddressAndPort, [new(lab["b"].V4.ToPrefix(), Tcp, 8080), new(lab["b"].V6.ToPrefix(), Tcp, 8080)]),
                new IpSetUpdate(new("v:dns"), IpSetKind.AddressAndPort, [new(lab["c"].V4.ToPrefix(), Udp, 53)]),
                GlobalPolicy("in", ingress:
                [
                    Rule(RuleAction.Allow, Tcp, destination: new EntityMatch { Ports = [new PortRange(22, 22)], NamedPortSets = [new("n:http")] }),
                    Rule(RuleAction.Allow, 1) with { Icmp = new IcmpMatch(8, 0) },
                    Rule(RuleAction.Allow, Tcp, new EntityMatch { Ports = [new PortRange(4000, 4010)] }),
                ]),
                GlobalPolicy("out", egress: [Rule(RuleAction.Allow, destination: new EntityMatch { ServiceSet = new("v:dns") }), Rule(RuleAction.Allow, destination: Nets($"{lab["b"].V4}/32"))]),
                Endpoint(lab, "a"), Endpoint(lab, "b", ingress: [Tier("in")]), Endpoint(lab, "c", egress: [Tier("out")]),
                Endpoint(lab, "d", egress: [Tier("out")]),
            ],
            [
                Probe.Tcp("a", "b", 8080, true), Probe.Tcp("a", "b", 22, true, IpFamily.V6), Probe.Tcp("a", "b", 8081, false), Probe.Icmp("a", "b", true),
                Probe.Icmp("a", "b", false, IpFamily.V6), Probe.Tcp("a", "b", 9000, true, sourcePort: 4005), Probe.Tcp("a", "b", 9000, false, sourcePort: 4011),
                Probe.Udp("d", "c", 53, true), Probe.Tcp("d", "c", 53, false), Probe.Udp("d", "c", 54, false), Probe.Icmp("d", "b", true),
                Probe.Tcp("c", "a", 80, false), Probe.Tcp("d", "node", 80, false), Probe.Tcp("a", "d", 80, true),
            ]
        ), "d");

    [Fact]
    public Task A_workload_sends_from_its_own_addresses_only() => RunAsync(lab =>
    {
        // c owns b's address as well in its own namespace; the node routes it to b.
        lab["c"].Namespace.Ip("addr", "add", "10.99.0.9/32", "dev", "lo");
        lab["c"].Namespace.Ip("route", "add", $"{lab["a"].V4}/32", "via", "169.254.1.1", "dev", "eth0", "src", "10.99.0.9");
        lab.Node.Namespace.Ip("route", "add", "10.99.0.0/16", "dev", "calic", "scope", "link");
        return (
            [OpenProfile, Endpoint(lab, "a"), Endpoint(lab, "b"), Endpoint(lab, "c")],
            [Probe.Tcp("c", "b", 80, true), Probe.Udp("spoofer", "a", 80, false)]);
    }, "spoofer:c=10.99.0.9");

    [Fact]
    public Task Allowed_sources_may_be_sent_from() => RunAsync(lab =>
    {
        lab["c"].Namespace.Ip("addr", "add", "10.99.0.9/32", "dev", "lo");
        lab.Node.Namespace.Ip("route", "add", "10.99.0.0/16", "dev", "calic", "scope", "link");
        return (
            [OpenProfile, Endpoint(lab, "a"), Endpoint(lab, "b"), Endpoint(lab, "c") with { AllowedSources = [IpPrefix.Parse("10.99.0.0/24")] }],
            [Probe.Tcp("c", "b", 80, true), Probe.Udp("spoofer", "a", 80, true)]);
    }, "spoofer:c=10.99.0.9");

    [Fact]
    public Task Traffic_to_the_node_follows_the_setting() => RunAsync(lab =>
        (
            [
                OpenProfile, new NodeSettings { EndpointToHost = EndpointToHostAction.Accept },
                GlobalPolicy("out", egress: [Rule(RuleAction.Allow, Tcp, destination: Ports(80))]),
                Endpoint(lab, "a"), Endpoint(lab, "b", egress: [Tier("out")]),
            ],
            [
                Probe.Tcp("a", "node", 80, true), Probe.Tcp("a", "node", 81, true, IpFamily.V6), Probe.Tcp("b", "node", 80, true),
                Probe.Tcp("b", "node", 81, false), Probe.Tcp("c", "node", 80, false),
            ]
        ));

    [Fact]
    public Task Traffic_out_of_a_pool_is_masqueraded() => RunAsync(lab =>
    {
        // Without a way back to the pool only a masqueraded connection is answered.
        lab["outside"].Namespace.Ip("route", "del", "10.65.0.0/16");
        return (
            [OpenProfile, new PoolsUpdate([new DataplanePool(IpPrefix.Parse("10.65.0.0/16"), true)]), Endpoint(lab, "a"), Endpoint(lab, "b")],
            [Probe.Tcp("a", "outside", 80, true), Probe.Tcp("a", "b", 80, true), Probe.Tcp("b", "outside", 80, true, IpFamily.V6)]);
    });

    private static async Task RunAsync(Func<PodLab, (ImmutableArray<DataplaneUpdate> Updates, ImmutableArray<Probe> Probes)> scenario, string? extra = null)
    {
        var stop = TestContext.Current.CancellationToken;
        using var lab = new PodLab("a", "b", "c");
        if (extra is not null && extra.Contains('=', StringComparison.Ordinal)) lab.Alias(extra);
        else if (extra is not null) lab.AddPod(extra);
        using var nft = KernelNftables.OpenIn(lab.Node.Namespace.Path);
        using var dataplane = new NftablesDataplane(nft);
        var (updates, probes) = scenario(lab);

        var wrong = await new Scenario("", updates, probes).RunAsync(dataplane, lab, stop);

        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{lab.Node.Namespace.Exec("nft", "list", "ruleset")}");
    }
}
