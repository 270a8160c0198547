using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Routing.Routes;
using Xunit;
using static Margay.Routing.Tests.Routes.World;

namespace Margay.Routing.Tests.Routes;

public sealed class RouteCalculatorTests
{
    private readonly RouteCalculator _calculator = new("here");

    [Fact]
    public void A_block_of_another_node_leads_to_it()
    {
        _calculator.Accept(Node("there", "192.0.2.2", "2001:db8::2"), Block("10.65.0.0/26", "there", (3, "there")), Block("fd00::/122", "there"));
        Assert.Equal([Remote("10.65.0.0/26", "192.0.2.2"), Remote("fd00::/122", "2001:db8::2")], _calculator.Flush());
        Assert.Empty(_calculator.Flush());
    }

    [Fact]
    public void An_own_block_is_unreachable_except_for_its_pods()
    {
        _calculator.Accept(Block("10.65.0.0/26", "here", (1, "here")), Pod("a", "calia", "10.65.0.1", "fd00::1"));
        Assert.Equal([Own("10.65.0.0/26"), Local("10.65.0.1/32", "calia"), Local("fd00::1/128", "calia")], _calculator.Flush());
        _calculator.Accept(NoPod("a"));
        Assert.Equal([Gone("10.65.0.1/32"), Gone("fd00::1/128")], _calculator.Flush());
    }

    [Fact]
    public void Borrowed_addresses_lead_to_the_borrower()
    {
        _calculator.Accept(
            Node("there", "192.0.2.2"), Node("third", "192.0.2.3"),
            Block("10.65.0.0/28", "there", (1, "third"), (2, "here"), (3, "there")),
            Block("10.66.0.0/28", "here", (1, "third")),
            Block("10.67.0.0/28", null, (1, "third"), (2, "there")));
        Assert.Equal(
            [
                Remote("10.65.0.0/28", "192.0.2.2"), Remote("10.65.0.1/32", "192.0.2.3"),
                Own("10.66.0.0/28"), Remote("10.66.0.1/32", "192.0.2.3"),
                Remote("10.67.0.1/32", "192.0.2.3"), Remote("10.67.0.2/32", "192.0.2.2"),
            ],
            _calculator.Flush());
    }

    [Fact]
    public void Routes_follow_the_address_of_the_node()
    {
        _calculator.Accept(Block("10.65.0.0/26", "there"));
        Assert.Empty(_calculator.Flush());
        _calculator.Accept(Node("there", "192.0.2.2"));
        Assert.Equal([Remote("10.65.0.0/26", "192.0.2.2")], _calculator.Flush());
        _calculator.Accept(Node("there", "192.0.2.9"));
        Assert.Equal([Remote("10.65.0.0/26", "192.0.2.9")], _calculator.Flush());
        _calculator.Accept(NoNode("there"));
        Assert.Equal([Gone("10.65.0.0/26")], _calculator.Flush());
    }

    [Fact]
    public void A_block_that_changes_hands_changes_its_route()
    {
        _calculator.Accept(Node("there", "192.0.2.2"), Block("10.65.0.0/26", "there"));
        _calculator.Flush();
        _calculator.Accept(Block("10.65.0.0/26", "here"));
        Assert.Equal([Own("10.65.0.0/26")], _calculator.Flush());
        _calculator.Accept(NoBlock("10.65.0.0/26"));
        Assert.Equal([Gone("10.65.0.0/26")], _calculator.Flush());
    }

    [Fact]
    public void A_pod_that_is_here_wins_over_what_the_datastore_says()
    {
        _calculator.Accept(Node("there", "192.0.2.2"), Block("10.65.0.1/32", "there"), Block("10.65.0.2/32", "here"), Pod("a", "calia", "10.65.0.1", "10.65.0.2"));
        Assert.Equal([Local("10.65.0.1/32", "calia"), Local("10.65.0.2/32", "calia")], _calculator.Flush());
        _calculator.Accept(NoPod("a"));
        Assert.Equal([Remote("10.65.0.1/32", "192.0.2.2"), Own("10.65.0.2/32")], _calculator.Flush());
    }

    [Fact]
    public void A_released_address_that_rests_and_a_deleted_block_lead_nowhere()
    {
        var resting = Block("10.65.0.0/28", "here", (1, "there"));
        ((IPAMBlock)resting.Value!).Spec.Attributes[0].ReleasedAt = "2026-01-01T00:00:00Z";
        var deleted = Block("10.66.0.0/28", "there");
        ((IPAMBlock)deleted.Value!).Spec.Deleted = true;
        _calculator.Accept(Node("there", "192.0.2.2"), resting, deleted);
        Assert.Equal([Own("10.65.0.0/28")], _calculator.Flush());
    }

    [Fact]
    public void An_annotation_of_the_node_service_beats_the_status()
    {
        var node = Node("there", "192.0.2.2");
        node.Value!.Metadata.Annotations = new() { [NodeAddresses.V4Annotation] = "198.51.100.7/24", [NodeAddresses.V6Annotation] = "nonsense" };
        _calculator.Accept(node, Block("10.65.0.0/26", "there"));
        Assert.Equal([Remote("10.65.0.0/26", "198.51.100.7")], _calculator.Flush());
    }

    [Fact]
    public void Output_depends_on_the_state_not_on_the_path()
    {
        var names = Gen.OneOf("here", "there", "third");
        var cidrs = Gen.OneOf("10.65.0.0/30", "10.65.0.4/30", "10.65.0.1/32");
        var used = Gen.Select(Gen.Int[0, 3], names).List[0, 3];
        var inputs = Gen.OneOf<object>(
            Gen.Select(names, Gen.OneOf("192.0.2.2", "192.0.2.3", ""), (n, a) => (object)(a.Length == 0 ? NoNode(n) : Node(n, a))),
            Gen.Select(cidrs, names, used, (c, n, u) => (object)Block(c, n == "third" ? null : n, [.. u.Where(x => c[^1] == '0' || x.Item1 == 0).DistinctBy(x => x.Item1).Select(x => (x.Item1, x.Item2))])),
            cidrs.Select(c => (object)NoBlock(c)),
            Gen.Select(Gen.OneOf("a", "b"), Gen.OneOf("10.65.0.1", "10.65.0.2"), Gen.Bool, (p, a, there) => there ? Pod(p, $"cali{p}", a) : (object)NoPod(p)));
        Gen.Select(inputs.List[1, 30], Gen.Int[1, 5]).Sample((list, step) =>
        {
            var piecemeal = new RouteCalculator("here");
            var seen = new Dictionary<IpPrefix, RouteUpdate>();
            for (int i = 0; i < list.Count; i++)
            {
                piecemeal.Accept(list[i]);
                if (i % step == 0) Replay(seen, piecemeal.Flush());
            }
            Replay(seen, piecemeal.Flush());

            var last = new Dictionary<string, object>();
            foreach (object input in list) last[KeyOf(input)] = input;
            var direct = new RouteCalculator("here");
            foreach (object input in last.OrderByDescending(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)) direct.Accept(input);
            var expected = new Dictionary<IpPrefix, RouteUpdate>();
            Replay(expected, direct.Flush());
            Assert.Equal(expected.OrderBy(p => p.Key), seen.OrderBy(p => p.Key));
        });
    }

    private static string KeyOf(object input) => input switch
    {
        ResourceUpdate u => u.Key.ToString(),
        WorkloadEndpointUpdate u => u.Id.ToString(),
        WorkloadEndpointRemove r => r.Id.ToString(),
        _ => "",
    };

    private static void Replay(Dictionary<IpPrefix, RouteUpdate> onto, IReadOnlyList<DataplaneUpdate> updates)
    {
        foreach (var update in updates)
        {
            if (update is RouteUpdate route) onto[route.Prefix] = route;
            else Assert.True(onto.Remove(((RouteRemove)update).Prefix));
        }
    }
}
