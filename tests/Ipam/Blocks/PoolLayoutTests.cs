using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

public sealed class PoolLayoutTests
{
    private static PoolLayout Layout(string pool, int length) =>
        PoolLayout.TryCreate(IpPrefix.Parse(pool), length, out var layout) ? layout : throw new InvalidOperationException("no layout");

    [Fact]
    public void Every_block_is_a_candidate_once() =>
        Gen.Select(Gen.Int[16, 26], Gen.String[Gen.Char['a', 'z'], 1, 12]).Sample((length, node) =>
        {
            var layout = Layout($"10.8.0.0/{length}", 26);
            List<IpPrefix> seen = [.. layout.CandidatesFor(node)];
            Assert.Equal((int)layout.BlockCount, seen.Count);
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.All(seen, b => Assert.True(layout.IsBlock(b)));
            Assert.Equal(seen, layout.CandidatesFor(node));
        }, iter: 200);

    [Fact]
    public void Nodes_with_similar_names_start_at_different_blocks()
    {
        var layout = Layout("10.0.0.0/8", 26);
        int distinct = Enumerable.Range(0, 1000).Select(i => layout.CandidatesFor($"node-{i}").First()).Distinct().Count();
        // 1000 balls in 262144 bins: about 2 meetings are expected.
        Assert.InRange(distinct, 985, 1000);
    }

    [Fact]
    public void An_ipv6_pool_is_walked_without_being_counted_out()
    {
        var layout = Layout("fd00:1::/48", 122);
        var first = layout.CandidatesFor("n").Take(3).ToList();
        Assert.Equal(3, first.Distinct().Count());
        Assert.All(first, b => Assert.Equal(122, b.Length));
        Assert.Equal(64, layout.BlockSize);
        Assert.Equal(IpPrefix.Parse("fd00:1::40/122"), layout.BlockOf(IpAddr.Parse("fd00:1::7f")));
    }

    [Theory]
    [InlineData("10.0.0.0/24", 26, true)]
    [InlineData("10.0.0.0/26", 26, true)]
    [InlineData("10.0.0.0/27", 26, false)]
    [InlineData("10.0.0.0/8", 19, false)]
    [InlineData("10.0.0.0/8", 33, false)]
    [InlineData("fd00::/64", 116, true)]
    [InlineData("fd00::/64", 115, false)]
    [InlineData("::/0", 128, false)]
    public void A_pool_must_hold_a_block_of_an_allowed_size(string pool, int length, bool possible) =>
        Assert.Equal(possible, PoolLayout.TryCreate(IpPrefix.Parse(pool), length, out _));

    [Fact]
    public void A_single_block_pool_has_one_candidate() =>
        Assert.Equal([IpPrefix.Parse("10.0.0.0/26")], Layout("10.0.0.0/26", 26).CandidatesFor("n"));
}
