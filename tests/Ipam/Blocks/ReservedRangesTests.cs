using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Xunit;

namespace Margay.Ipam.Tests.Blocks;

public sealed class ReservedRangesTests
{
    private static readonly Gen<IpPrefix> Small =
        Gen.Select(Gen.UInt[0, 255], Gen.Int[24, 32]).Select((last, length) => new IpPrefix(IpAddr.FromV4(0x0A000000 + last), (byte)length));

    [Fact]
    public void Overlapping_reservations_count_each_address_once() =>
        Gen.Select(Small.Array[0, 8], Small).Sample((reserved, asked) =>
        {
            var ranges = new ReservedRanges(reserved);
            var all = Enumerable.Range(0, 256).Select(i => IpAddr.FromV4(0x0A000000 + (uint)i)).ToList();
            foreach (var address in all) Assert.Equal(reserved.Any(r => r.Contains(address)), ranges.Contains(address));
            int expected = all.Count(a => asked.Contains(a) && reserved.Any(r => r.Contains(a)));
            Assert.Equal((UInt128)expected, ranges.CountIn(asked));
            Assert.Equal(all.Where(asked.Contains).All(a => reserved.Any(r => r.Contains(a))), ranges.ContainsAll(asked));
        }, iter: 2000);

    [Fact]
    public void Families_do_not_meet()
    {
        var ranges = new ReservedRanges([IpPrefix.Parse("::/0")]);
        Assert.False(ranges.Contains(IpAddr.Parse("10.0.0.1")));
        Assert.True(ranges.Contains(IpAddr.Parse("fd00::1")));
        Assert.Equal(UInt128.Zero, ranges.CountIn(IpPrefix.Parse("0.0.0.0/0")));
    }
}
