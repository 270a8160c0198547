using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

/// <summary>Random histories of a block against the plainest possible account of it: a queue and a dictionary.</summary>
public sealed class BlockTwinTests
{
    private static readonly IpPrefix[] Cidrs =
        [IpPrefix.Parse("10.1.2.0/28"), IpPrefix.Parse("fd00::40/124"), IpPrefix.Parse("192.0.2.7/32")];

    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);

    private sealed class Twin(IpPrefix cidr, ReservedRanges reserved, TimeSpan cooldown)
    {
        public List<IpAddr> Queue { get; } =
            [.. Enumerable.Range(0, 1 << (cidr.Address.Bits - cidr.Length)).Select(i => IpAddr.FromValue(cidr.Address.Value + (uint)i, cidr.Family))];

        public Dictionary<IpAddr, (string? Handle, ulong Sequence, DateTimeOffset? Released)> Given { get; } = [];

        public List<IpAddr> AssignAny(int count, string handle, ulong sequence)
        {
            List<IpAddr> take = [.. Queue.Where(a => !reserved.Contains(a)).Take(count)];
            foreach (var a in take)
            {
                Queue.Remove(a);
                Given[a] = (handle, sequence, null);
            }
            return take;
        }

        public void Release(IpAddr address, DateTimeOffset now, ulong sequence)
        {
            Given.Remove(address);
            if (cooldown == TimeSpan.Zero) Queue.Add(address);
            else Given[address] = (null, sequence, now);
        }

        public void FreeCooled(DateTimeOffset now)
        {
            foreach (var (a, g) in Given.Where(p => p.Value.Released is { } at && now - at >= cooldown)
                         .OrderBy(p => p.Value.Released).ThenBy(p => p.Key).ToList())
            {
                Given.Remove(a);
                Queue.Add(a);
            }
        }
    }

    private static readonly Gen<(int Kind, int Number, int Handle)> Step = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 20], Gen.Int[0, 4]);

    [Fact]
    public void Any_history_of_a_block_agrees_with_the_plain_account_of_it() =>
        Gen.Select(Gen.Int[0, Cidrs.Length - 1].Select(i => Cidrs[i]), Gen.Bool, Gen.Bool, Step.Array[1, 60]).Sample((cidr, cools, reserves, steps) =>
        {
            var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            var reserved = reserves ? new ReservedRanges([new IpPrefix(cidr.Address, (byte)Math.Min(cidr.Length + 2, cidr.Address.Bits))]) : ReservedRanges.Empty;
            var cooldown = cools ? Cooldown : TimeSpan.Zero;
            var block = Block.Create(cidr, BlockOwner.Host("n"), now);
            var twin = new Twin(cidr, reserved, cooldown);
            foreach (var (kind, number, handleNumber) in steps)
            {
                string handle = $"h{handleNumber}";
                var address = block.AddressAt(number % block.Size);
                switch (kind)
                {
                    case 0 or 1:
                        Assert.Equal(twin.AssignAny(number % 4, handle, block.SequenceNumber),
                            block.AssignAny(number % 4, new AllocationOwner { HandleId = handle }, reserved));
                        break;
                    case 2:
                        bool free = !twin.Given.ContainsKey(address);
                        Assert.Equal(free, block.Assign(address, new AllocationOwner { HandleId = handle }) is null);
                        if (free)
                        {
                            twin.Queue.Remove(address);
                            twin.Given[address] = (handle, block.SequenceNumber, null);
                        }
                        break;
                    case 3:
                        bool held = twin.Given.TryGetValue(address, out var tenant) && tenant.Released is null;
                        ulong named = number % 3 == 0 ? tenant.Sequence + 1 : tenant.Sequence;
                        var expected = !held ? ReleaseOutcome.NotAssigned : named == tenant.Sequence ? ReleaseOutcome.Released : ReleaseOutcome.OtherTenant;
                        Assert.Equal(expected, block.Release(address, named, null, cooldown, now));
                        if (expected == ReleaseOutcome.Released) twin.Release(address, now, block.SequenceNumber);
                        break;
                    case 4:
                        List<IpAddr> mine = [.. twin.Given.Where(p => p.Value.Handle == handle).Select(p => p.Key).Order()];
                        Assert.Equal(mine, block.ReleaseHandle(handle, cooldown, now));
                        foreach (var a in mine) twin.Release(a, now, block.SequenceNumber);
                        break;
                    case 5:
                        now += TimeSpan.FromSeconds(number);
                        block.FreeCooled(cooldown, now);
                        twin.FreeCooled(now);
                        break;
                    default:
                        block.CountWrite();
                        break;
                }
                AssertSame(twin, block, reserved);
            }
        }, iter: 2000);

    private static void AssertSame(Twin twin, Block block, ReservedRanges reserved)
    {
        Assert.Equal(twin.Queue, block.Free.Select(block.AddressAt));
        Assert.Equal(twin.Given.OrderBy(p => p.Key).Select(p => (p.Key, p.Value.Handle, p.Value.Sequence, p.Value.Released)),
            block.Allocations.Select(a => (a.Address, a.Owner.HandleId, a.Sequence, a.Owner.ReleasedAt)));
        Assert.Equal(twin.Queue.Count(a => !reserved.Contains(a)), block.FreeCount(reserved));
        Assert.Equal(twin.Given.Count == 0, block.IsEmpty);
        // Owner records are shared between equal allocations, and none is kept that nobody points at.
        Assert.Equal(twin.Given.Values.Select(g => (g.Handle, g.Released)).Distinct().Count(), block.Owners.Count);
    }
}
