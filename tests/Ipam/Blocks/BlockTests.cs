using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

public sealed class BlockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, 500, TimeSpan.Zero);

    private static Block NewBlock(string cidr = "10.0.0.0/29") => Block.Create(IpPrefix.Parse(cidr), BlockOwner.Host("node-a"), Noon);

    private static AllocationOwner For(string handle) => new() { HandleId = handle };

    private static string[] Texts(IEnumerable<IpAddr> addresses) => [.. addresses.Select(a => a.ToString())];

    [Fact]
    public void A_released_address_comes_back_last()
    {
        var block = NewBlock();
        Assert.Equal(["10.0.0.0", "10.0.0.1"], Texts(block.AssignAny(2, For("h"), ReservedRanges.Empty)));
        block.Release(IpAddr.Parse("10.0.0.0"), null, null, TimeSpan.Zero, Noon);
        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.0"],
            Texts(block.AssignAny(8, For("g"), ReservedRanges.Empty)));
    }

    [Fact]
    public void A_release_that_means_an_earlier_tenant_is_refused()
    {
        var block = NewBlock();
        var address = block.AssignAny(1, For("first"), ReservedRanges.Empty)[0];
        ulong first = block.Find(address)!.Value.Sequence;
        block.CountWrite();
        block.Release(address, first, "first", TimeSpan.Zero, Noon);
        block.CountWrite();
        Assert.Null(block.Assign(address, For("second")));
        Assert.Equal(ReleaseOutcome.OtherTenant, block.Release(address, first, null, TimeSpan.Zero, Noon));
        Assert.Equal(ReleaseOutcome.OtherTenant, block.Release(address, null, "first", TimeSpan.Zero, Noon));
        Assert.Equal("second", block.Find(address)!.Value.Owner.HandleId);
    }

    [Fact]
    public void Releasing_a_free_address_is_no_error()
    {
        Assert.Equal(ReleaseOutcome.NotAssigned, NewBlock().Release(IpAddr.Parse("10.0.0.3"), 7, "x", TimeSpan.Zero, Noon));
    }

    [Fact]
    public void Reserved_addresses_are_passed_over_and_keep_their_place()
    {
        var block = NewBlock();
        var reserved = new ReservedRanges([IpPrefix.Parse("10.0.0.0/31"), IpPrefix.Parse("10.0.0.4")]);
        Assert.Equal(5, block.FreeCount(reserved));
        Assert.Equal(["10.0.0.2", "10.0.0.3", "10.0.0.5"], Texts(block.AssignAny(3, For("h"), reserved)));
        Assert.Equal([0, 1, 4, 6, 7], block.Free);
    }

    [Fact]
    public void A_request_by_address_may_take_a_reserved_one()
    {
        var block = NewBlock();
        Assert.Null(block.Assign(IpAddr.Parse("10.0.0.4"), For("h")));
        Assert.Equal("h", block.Assign(IpAddr.Parse("10.0.0.4"), For("other"))!.Value.Owner.HandleId);
    }

    [Fact]
    public void A_cooling_address_is_not_given_before_its_time()
    {
        var block = NewBlock("10.0.0.0/32");
        var wait = TimeSpan.FromSeconds(30);
        var address = block.AssignAny(1, For("h"), ReservedRanges.Empty)[0];
        Assert.Equal(ReleaseOutcome.Released, block.Release(address, null, "h", wait, Noon));
        Assert.Equal(ReleaseOutcome.NotAssigned, block.Release(address, null, "h", wait, Noon));
        Assert.False(block.IsEmpty);
        Assert.Empty(block.OfHandle("h"));
        Assert.False(block.FreeCooled(wait, Noon.AddSeconds(30)));   // the stored time is rounded up to the second
        Assert.Empty(block.AssignAny(1, For("g"), ReservedRanges.Empty));
        Assert.True(block.FreeCooled(wait, Noon.AddSeconds(30.5)));
        Assert.Single(block.AssignAny(1, For("g"), ReservedRanges.Empty));
    }

    [Fact]
    public void The_handle_tail_of_the_host_local_migration_is_ignored()
    {
        var block = NewBlock();
        block.AssignAny(1, For("k8s-pod-network.abc\r\neth0"), ReservedRanges.Empty);
        Assert.Single(block.OfHandle("k8s-pod-network.abc"));
        Assert.Single(block.ReleaseHandle("k8s-pod-network.abc", TimeSpan.Zero, Noon));
        Assert.True(block.IsEmpty);
    }

    [Fact]
    public void Addresses_that_windows_keeps_do_not_fill_a_block()
    {
        var block = NewBlock();
        block.Assign(IpAddr.Parse("10.0.0.0"), For("Windows-Reserved-IPAM-Handle"));
        Assert.True(block.IsEmpty);
    }

    [Theory]
    [InlineData("host:node-a", "host", "node-a")]
    [InlineData("virtual:load-balancer", "virtual", "load-balancer")]
    public void An_affinity_is_read_and_printed(string text, string type, string name)
    {
        Assert.True(BlockOwner.TryParse(text, out var owner));
        Assert.Equal((type, name, text), (owner.Type, owner.Name, owner.ToString()));
    }

    [Theory]
    [InlineData("node-a")]
    [InlineData("host:")]
    [InlineData("vm:x")]
    [InlineData(null)]
    public void A_wrong_affinity_is_no_owner(string? text) => Assert.False(BlockOwner.TryParse(text, out _));
}
