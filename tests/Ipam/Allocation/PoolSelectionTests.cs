using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

public sealed class PoolSelectionTests
{
    private static IPPool Pool(string name, string cidr, Action<IPPoolSpec>? edit = null)
    {
        var pool = new IPPool { Metadata = new() { Name = name }, Spec = new() { Cidr = cidr } };
        edit?.Invoke(pool.Spec);
        return pool;
    }

    private static readonly AddressRequest Request = new("h", "n1", new Dictionary<string, string> { ["rack"] = "a" }, new Dictionary<string, string>())
    {
        NamespaceLabels = new Dictionary<string, string> { ["team"] = "shop" },
    };

    private static string Names(IEnumerable<IPPool> pools, AddressRequest request, IpFamily family = IpFamily.V4)
    {
        var selection = PoolSelection.Select(pools, request, family);
        return selection.Refused is { } refused ? $"{refused.Kind}: {refused.Message}" : string.Join(",", selection.Pools.Select(p => p.Name));
    }

    [Fact]
    public void Selectors_of_node_and_namespace_must_both_match() =>
        Assert.Equal("a,d", Names(
        [
            Pool("d", "10.3.0.0/24"),
            Pool("a", "10.0.0.0/24", s => (s.NodeSelector, s.NamespaceSelector) = ("rack == 'a'", "team == 'shop'")),
            Pool("b", "10.1.0.0/24", s => (s.NodeSelector, s.NamespaceSelector) = ("rack == 'a'", "team == 'mail'")),
            Pool("c", "10.2.0.0/24", s => (s.NodeSelector, s.NamespaceSelector) = ("rack == 'b'", "team == 'shop'")),
            Pool("six", "fd00::/64"),
        ], Request));

    [Fact]
    public void Pools_asked_for_are_taken_whatever_their_selectors_and_in_that_order() =>
        Assert.Equal("m,a", Names(
        [
            Pool("a", "10.0.0.0/24", s => s.NodeSelector = "rack == 'b'"),
            Pool("m", "10.1.0.0/24", s => s.AssignmentMode = "Manual"),
        ], Request with { PoolsV4 = new PoolChoice(["10.1.0.0/24", "a"], "annotation x") }));

    [Fact]
    public void An_unknown_pool_is_named_together_with_who_asked_for_it() =>
        Assert.Equal("Invalid: annotation x of pod shop/cart asks for pool 'nope': there is no such IPv4 pool",
            Names([Pool("a", "10.0.0.0/24")], Request with { PoolsV4 = new PoolChoice(["nope"], "annotation x of pod shop/cart") }));

    [Fact]
    public void When_no_pool_selects_the_node_it_is_said_in_one_sentence() =>
        Assert.Equal("NoPool: all 12 IPv4 pools do not select node n1",
            Names(Enumerable.Range(0, 12).Select(i => Pool($"p{i}", $"10.{i}.0.0/24", s => s.NodeSelector = "rack == 'z'")), Request));

    [Fact]
    public void Each_pool_says_why_it_does_not_serve() =>
        Assert.Equal("NoPool: no IPv4 pool serves the request: pool a is disabled; pool b is used only on request (assignmentMode Manual); "
            + "pool c does not allow use Workload (allowed: Tunnel); pool d does not select node n1 (rack == 'b'); "
            + "pool e does not select the namespace (team == 'mail'); pool f has a nodeSelector that cannot be read: rack ==; "
            + "pool g is being deleted; pool h is not allocatable (CIDROverlap); pool i cannot be cut into blocks: cidr 10.8.0.0/28, blockSize ",
            Names(
            [
                Pool("a", "10.0.0.0/24", s => s.Disabled = true),
                Pool("b", "10.1.0.0/24", s => s.AssignmentMode = "Manual"),
                Pool("c", "10.2.0.0/24", s => s.AllowedUses = ["Tunnel"]),
                Pool("d", "10.3.0.0/24", s => s.NodeSelector = "rack == 'b'"),
                Pool("e", "10.4.0.0/24", s => s.NamespaceSelector = "team == 'mail'"),
                Pool("f", "10.5.0.0/24", s => s.NodeSelector = "rack =="),
                new IPPool { Metadata = new() { Name = "g", DeletionTimestamp = "2026-01-01T00:00:00Z" }, Spec = new() { Cidr = "10.6.0.0/24" } },
                new IPPool
                {
                    Metadata = new() { Name = "h" }, Spec = new() { Cidr = "10.7.0.0/24" },
                    Status = new() { Conditions = [new Condition { Type = "Allocatable", Status = "False", Reason = "CIDROverlap" }] },
                },
                Pool("i", "10.8.0.0/28"),
            ], Request));

    [Fact]
    public void Without_pools_of_the_family_that_is_the_reason() =>
        Assert.Equal("NoPool: there is no IPv6 pool", Names([Pool("a", "10.0.0.0/24")], Request, IpFamily.V6));
}
