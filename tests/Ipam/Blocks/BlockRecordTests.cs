using System.Text.Json;
using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

public sealed class BlockRecordTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // As upstream stores it, with an address that cools down and one that a machine keeps while it moves.
    private const string Upstream = """
        {"apiVersion":"projectcalico.org/v3","kind":"IPAMBlock","metadata":{"name":"10-65-0-0-30","resourceVersion":"7"},
         "spec":{"cidr":"10.65.0.0/30","affinity":"host:node-1","affinityClaimTime":"2026-01-01T10:00:00Z",
         "allocations":[0,null,1,2],"unallocated":[1],
         "attributes":[{"handle_id":"k8s-pod-network.aa","secondary":{"namespace":"shop","node":"node-1","pod":"cart"}},
                       {"releasedAt":"2026-01-01T11:59:00Z"},
                       {"handle_id":"k8s-pod-network.vm","secondary":{"pod":"x"},"alternateOwnerAttrs":{"pod":"y"}}],
         "sequenceNumber":1767261600000000005,"sequenceNumberForAllocation":{"0":1767261600000000001,"2":4,"3":5},
         "deleted":false,"strictAffinity":false}}
        """;

    private static IPAMBlock Parse(string json) => JsonSerializer.Deserialize(json, KindRegistry.Of<IPAMBlock>().Typed)!;

    [Fact]
    public void What_upstream_stores_is_read_and_written_back_the_same()
    {
        var record = Parse(Upstream);
        Assert.True(BlockRecord.TryRead(record, out var block, out _));
        Assert.Equal(BlockOwner.Host("node-1"), block.Owner);
        Assert.Equal((ulong)1767261600000000001, block.Find(IpAddr.Parse("10.65.0.0"))!.Value.Sequence);
        Assert.True(block.Find(IpAddr.Parse("10.65.0.2"))!.Value.Owner.IsCooling);
        var info = KindRegistry.Of<IPAMBlock>();
        Assert.Equal(JsonSerializer.Serialize(record, info.Typed), JsonSerializer.Serialize(BlockRecord.Write(block, record), info.Typed));
        Assert.Empty(BlockRecord.Problems(record));
    }

    [Fact]
    public void Editing_the_copy_leaves_the_object_that_was_read_alone()
    {
        var record = Parse(Upstream);
        var info = KindRegistry.Of<IPAMBlock>();
        string before = JsonSerializer.Serialize(record, info.Typed);
        Assert.True(BlockRecord.TryRead(record, out var block, out _));
        block.AssignAny(4, new AllocationOwner { HandleId = "h" }, ReservedRanges.Empty);
        block.ReleaseHandle("k8s-pod-network.aa", TimeSpan.Zero, Noon);
        block.FreeCooled(TimeSpan.Zero, Noon);
        block.CountWrite();
        Assert.Equal(before, JsonSerializer.Serialize(record, info.Typed));
    }

    [Theory]
    [InlineData("\"unallocated\":[1]", "\"unallocated\":[1,1]", "ordinal 1 is queued as free twice")]
    [InlineData("\"unallocated\":[1]", "\"unallocated\":[0,1]", "10.65.0.0 is allocated and queued as free")]
    [InlineData("\"unallocated\":[1]", "\"unallocated\":[]", "10.65.0.1 is free and not queued")]
    [InlineData("\"unallocated\":[1]", "\"unallocated\":[1,9]", "ordinal 9 is queued as free and does not exist")]
    [InlineData("10-65-0-0-30", "other", "it is named other, not 10-65-0-0-30")]
    [InlineData("host:node-1", "node-1", "its affinity 'node-1' names no owner")]
    public void A_block_that_can_be_mended_is_mended_and_reported(string part, string broken, string problem)
    {
        var record = Parse(Upstream.Replace(part, broken, StringComparison.Ordinal));
        Assert.Equal([problem], BlockRecord.Problems(record));
        Assert.True(BlockRecord.TryRead(record, out var block, out _));
        Assert.Equal([1], block.Free);
    }

    [Theory]
    [InlineData("[0,null,1,2]", "[0,null,1]", "it lists 3 ordinals, 10.65.0.0/30 has 4")]
    [InlineData("[0,null,1,2]", "[0,null,1,3]", "an allocation points at attribute 3 of 3")]
    [InlineData("[0,null,1,2]", "[0,null,1,-1]", "an allocation points at attribute -1 of 3")]
    [InlineData("10.65.0.0/30", "10.65.0.0/33", "'10.65.0.0/33' is not the prefix of a block")]
    [InlineData("2026-01-01T11:59:00Z", "soon", "'soon' is not the time of a release")]
    public void A_block_that_cannot_be_understood_is_not_used(string part, string broken, string problem)
    {
        var record = Parse(Upstream.Replace(part, broken, StringComparison.Ordinal));
        Assert.False(BlockRecord.TryRead(record, out _, out string? said));
        Assert.Equal(problem, said);
        Assert.Equal([problem], BlockRecord.Problems(record));
    }

    [Fact]
    public void Any_block_survives_being_stored() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9]).Array[0, 30].Sample(steps =>
        {
            var block = Block.Create(IpPrefix.Parse("fd00::/125"), BlockOwner.Host("n"), Noon);
            foreach (var (kind, number) in steps)
            {
                if (kind < 2) block.AssignAny(number % 3, new AllocationOwner { HandleId = $"h{number % 3}" }, ReservedRanges.Empty);
                else block.ReleaseHandle($"h{number % 3}", TimeSpan.FromSeconds(kind == 2 ? 0 : 60), Noon);
                block.CountWrite();
                Assert.True(BlockRecord.TryRead(BlockRecord.Write(block, null), out var again, out _));
                Assert.Equal(block.Free, again.Free);
                Assert.Equal(block.SequenceNumber, again.SequenceNumber);
                Assert.Equal(block.Allocations.Select(a => (a.Ordinal, a.Owner.HandleId, a.Owner.ReleasedAt, a.Sequence)),
                    again.Allocations.Select(a => (a.Ordinal, a.Owner.HandleId, a.Owner.ReleasedAt, a.Sequence)));
                block = again;
            }
        }, iter: 500);
}
