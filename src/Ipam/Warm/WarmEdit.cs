using Margay.Ipam.Blocks;

namespace Margay.Ipam.Warm;

/// <summary>One edit of a block's working copy for everything that is due in it. Pure.</summary>
internal static class WarmEdit
{
    /// <summary>How many addresses a node keeps ready in a block: fewer when the block fills, none when it is nearly full.</summary>
    public static int Target(Block block, string node, int wanted, ReservedRanges reserved) =>
        Math.Min(wanted, (block.FreeCount(reserved) + block.Allocations.Count(a => WarmOwner.IsOf(node, a.Owner))) / 4);

    /// <summary>Passes on what was given, frees what came back, keeps more ready.</summary>
    /// <returns>What was given here, but has somebody else in the block: it cannot be passed on.</returns>
    public static List<WarmGift> Apply(Block block, WarmWork work, AllocationOwner keeper, ReservedRanges reserved, TimeSpan cooldown, DateTimeOffset now)
    {
        var lost = new List<WarmGift>();
        foreach (var gift in work.Given)
        {
            var tenant = new AllocationOwner { HandleId = gift.Handle, Attributes = gift.Attributes };
            if (block.Find(gift.Address) is not { } found) block.Assign(gift.Address, tenant);
            else if (found.Owner.HasHandle(keeper.HandleId!)) block.Pass(gift.Address, tenant);
            else if (!found.Owner.HasHandle(gift.Handle)) lost.Add(gift);
        }
        foreach (var address in work.Returned)
        {
            // Only while the node keeps it: the handle says so.
            block.Release(address, null, keeper.HandleId, cooldown, now);
        }
        block.AssignAny(work.Refill, keeper, reserved);
        return lost;
    }
}
