using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Xunit;

namespace Margay.Dataplane.Nftables.Tests;

/// <summary>What single rules become.</summary>
public sealed class RenderingTests
{
    private static readonly PolicyRule Allow = new()
    {
        Id = new RuleId("default", new PolicyId(PolicyKind.NetworkPolicy, "shop", "web"), PolicyDirection.Ingress, 0),
        Action = RuleAction.Allow,
    };

    [Fact]
    public void A_rule_without_addresses_is_one_rule_for_both_families() =>
        Assert.Equal(
            ["meta l4proto tcp th dport 80 counter accept comment \"default/np:shop/web/ingress/0\""],
            Render(Allow with { Protocol = 6, Destination = Ports(80) }));

    [Fact]
    public void A_set_makes_a_rule_for_each_family_that_has_members() =>
        Assert.Equal(
            [
                "meta nfproto ipv4 meta l4proto tcp ip saddr @a4/both counter accept",
                "meta nfproto ipv6 meta l4proto tcp ip6 saddr @a6/both counter accept",
                "meta nfproto ipv4 meta l4proto tcp ip saddr @a4/four counter accept",
            ],
            [
                .. Render(Allow with { Protocol = 6, Source = new EntityMatch { IpSets = [new("both")] } }, comments: false),
                .. Render(Allow with { Protocol = 6, Source = new EntityMatch { IpSets = [new("four")] } }, comments: false),
            ]);

    [Fact]
    public void Nobody_is_in_an_empty_set_and_everybody_outside() =>
        Assert.Equal(
            ["meta nfproto ipv4 counter accept", "meta nfproto ipv6 counter accept"],
            [
                .. Render(Allow with { Source = new EntityMatch { IpSets = [new("none")] } }, comments: false),
                .. Render(Allow with { Source = new EntityMatch { NotIpSets = [new("none")] } }, comments: false),
            ]);

    [Fact]
    public void Ports_or_named_ports_are_two_rules() =>
        Assert.Equal(
            [
                "meta nfproto ipv4 meta l4proto tcp th dport 80-90 counter accept",
                "meta nfproto ipv4 meta l4proto tcp ip daddr . meta l4proto . th dport @p4/named counter accept",
            ],
            Render(Allow with { Family = IpFamily.V4, Protocol = 6, Destination = new EntityMatch { Ports = [new PortRange(80, 90)], NamedPortSets = [new("named")] } }, comments: false));

    [Fact]
    public void Ports_that_a_protocol_does_not_have_match_nothing_and_their_negation_everything() =>
        Assert.Equal(
            ["meta l4proto icmp counter accept"],
            [
                .. Render(Allow with { Protocol = 1, Destination = Ports(80) }, comments: false),
                .. Render(Allow with { Protocol = 1, Destination = new EntityMatch { NotPorts = [new PortRange(80, 80)] } }, comments: false),
            ]);

    [Fact]
    public void Nets_of_one_family_leave_the_other_out_and_nested_ones_are_merged()
    {
        var context = Context();
        var rules = Render(Allow with { Source = new EntityMatch { Nets = [IpPrefix.Parse("10.1.0.0/16"), IpPrefix.Parse("10.0.0.0/8"), IpPrefix.Parse("192.168.0.0/16")] } }, context, false);

        var set = Assert.Single(context.Sets.Values);
        Assert.Equal([$"meta nfproto ipv4 ip saddr @{set.Set.Name} counter accept"], rules);
        Assert.Equal(["10.0.0.0-10.255.255.255", "192.168.0.0-192.168.255.255"], set.Elements.Select(element => element.Print(set.Set)));
    }

    [Fact]
    public void A_single_net_is_a_comparison() =>
        Assert.Equal(
            ["meta nfproto ipv4 ip saddr & 255.0.0.0 10.0.0.0 ip daddr != 1.2.3.4 counter accept"],
            Render(Allow with { Family = IpFamily.V4, Source = Nets("10.0.0.0/8"), Destination = new EntityMatch { NotNets = [IpPrefix.Parse("1.2.3.4/32")] } }, comments: false));

    [Fact]
    public void Icmp_follows_the_family_when_the_protocol_is_open() =>
        Assert.Equal(
            ["meta nfproto ipv4 meta l4proto icmp icmp type 8 counter accept", "meta nfproto ipv6 meta l4proto ipv6-icmp icmp type 8 counter accept"],
            Render(Allow with { Icmp = new IcmpMatch(8, null) }, comments: false));

    [Theory]
    [InlineData(RuleAction.Deny, "counter drop")]
    [InlineData(RuleAction.Pass, "counter meta mark set meta mark & 0xfffeffff ^ 0x00010000 return")]
    [InlineData(RuleAction.Log, "counter log prefix \"calico-packet: \" level 5")]
    public void Actions(RuleAction action, string expected) => Assert.Equal([expected], Render(Allow with { Action = action }, comments: false));

    [Fact]
    public void A_side_that_matches_nothing_has_no_rule() =>
        Assert.Empty(Render(Allow with { Destination = new EntityMatch { MatchesNothing = true } }));

    private static EntityMatch Ports(ushort port) => new() { Ports = [new PortRange(port, port)] };

    private static EntityMatch Nets(string net) => new() { Nets = [IpPrefix.Parse(net)] };

    private static RenderContext Context() => new(new NodeSettings(), static (id, family, kind) => id.Value switch
    {
        "none" => null,
        "four" when family == IpFamily.V6 => null,
        _ => Names.IpSet(kind == IpSetKind.Net ? 'a' : 'p', family, id),
    });

    private static ImmutableArray<string> Render(PolicyRule rule, bool comments = true) => Render(rule, Context(), comments);

    private static ImmutableArray<string> Render(PolicyRule rule, RenderContext context, bool comments) =>
    [
        .. RuleCondition.Render(rule, context).Select(condition => RuleActions.Render(condition, rule, context))
            .Select(kernel => (comments ? kernel : kernel with { Comment = null }).ToString()),
    ];
}
