using CsCheck;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;
using Xunit;

namespace Margay.Dataplane.Nftables.Tests;

public sealed class PrefixCoverTests
{
    // Few addresses and lengths, so that prefixes nest and repeat.
    private static readonly Gen<IpPrefix> SmallPrefix =
        Gen.Select(Gen.UInt[0, 15], Gen.Int[26, 32], static (low, length) => new IpPrefix(IpAddr.FromV4(0x0a000000 | low << 1), (byte)length));

    [Fact]
    public void Told_changes_add_up_to_the_outermost_members() =>
        Gen.Select(Gen.Bool, SmallPrefix).Array[0, 40].Sample(steps =>
        {
            var cover = new PrefixCover(32);
            var members = new List<IpPrefix>();
            var told = new HashSet<IpPrefix>();
            foreach (var (add, prefix) in steps)
            {
                List<IpPrefix> appeared = [], vanished = [];
                if (add)
                {
                    cover.Add(prefix, appeared, vanished);
                    members.Add(prefix);
                }
                else
                {
                    cover.Remove(prefix, appeared, vanished);
                    members.Remove(prefix);
                }
                foreach (var gone in vanished) Assert.True(told.Remove(gone));
                foreach (var come in appeared) Assert.True(told.Add(come));
            }
            var naive = members.Distinct().Where(prefix => !members.Exists(other => other != prefix && other.Contains(prefix))).ToHashSet();
            return naive.SetEquals(told) && naive.SetEquals(cover.Outermost) && cover.HasPrefixes == members.Exists(static prefix => !prefix.IsSingleAddress);
        });
}
