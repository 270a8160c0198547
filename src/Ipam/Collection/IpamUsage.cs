using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Collection;

/// <summary>How full a pool or block is.</summary>
/// <param name="Name">The pool's name, or the block's owner ("host:NODE"), or empty.</param>
/// <param name="Cidr">The addresses.</param>
/// <param name="Capacity">How many there are.</param>
/// <param name="InUse">How many are given.</param>
/// <param name="Cooling">How many are released and not free yet.</param>
/// <param name="Reserved">How many must not be given; an address that was given before counts here and as in use.</param>
/// <param name="Borrowed">How many of those in use are used on another node than the block's owner.</param>
public sealed record UsageFigures(string Name, IpPrefix Cidr, UInt128 Capacity, UInt128 InUse, UInt128 Cooling, UInt128 Reserved, UInt128 Borrowed)
{
    /// <summary>How many can still be given.</summary>
    public required UInt128 Available { get; init; }
}

/// <summary>A pool and its blocks.</summary>
public sealed record PoolUsage(UsageFigures Pool, IReadOnlyList<UsageFigures> Blocks);

/// <summary>An address that is used on a node which does not own its block.</summary>
public sealed record BorrowedAddress(IpAddr Address, IpPrefix Block, string Owner, string Borrower, string User);

/// <summary>The figures of <c>ipam show</c>. Pure.</summary>
public static class IpamUsage
{
    /// <summary>The figures of every pool, in order of name, with its blocks in order of address.</summary>
    public static IReadOnlyList<PoolUsage> Of(IpamSnapshot snapshot)
    {
        var blocks = snapshot.Readable().Select(b => b.Block).OrderBy(b => b.Cidr).ToList();
        var reserved = snapshot.View.Reserved;
        var pools = new List<PoolUsage>();
        foreach (var pool in snapshot.View.Pools.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal))
        {
            if (!IpPrefix.TryParse(pool.Spec.Cidr, out var cidr)) continue;
            List<Block> inside = [.. blocks.Where(b => cidr.Contains(b.Cidr))];
            List<UsageFigures> figures = [.. inside.Select(b => Of(b, reserved))];
            var keptApart = reserved.CountIn(cidr);
            // Reserved addresses that are given, too, must not be taken off twice.
            var both = Sum(inside.Select(b => (UInt128)b.Allocations.Count(a => reserved.Contains(a.Address))));
            var (used, cooling) = (Sum(figures.Select(f => f.InUse)), Sum(figures.Select(f => f.Cooling)));
            var capacity = ReservedRanges.Size(cidr);
            pools.Add(new PoolUsage(
                new UsageFigures(pool.Metadata.Name!, cidr, capacity, used, cooling, keptApart, Sum(figures.Select(f => f.Borrowed)))
                {
                    Available = capacity - used - cooling - (keptApart - both),
                }, figures));
        }
        return pools;
    }

    /// <summary>Every borrowed address.</summary>
    public static IReadOnlyList<BorrowedAddress> Borrowed(IpamSnapshot snapshot) =>
    [
        .. from entry in snapshot.Readable()
           from allocation in entry.Block.Allocations
           where IsBorrowed(entry.Block, allocation)
           select new BorrowedAddress(allocation.Address, entry.Block.Cidr, entry.Block.Owner?.ToString() ?? "",
               allocation.Owner[OwnerAttributes.Node]!, UserOf(allocation.Owner)),
    ];

    /// <summary>Who has an address: the pod or service, the node that keeps it ready, or the type of tunnel, or else the handle.</summary>
    public static string UserOf(AllocationOwner owner) =>
        owner[OwnerAttributes.Type] == WarmOwner.Type ? $"node {owner[OwnerAttributes.Node]}, for its next pod"
        : (owner[OwnerAttributes.Pod] ?? owner[OwnerAttributes.Service]) is { } name ? $"{owner[OwnerAttributes.Namespace]}/{name}" : owner[OwnerAttributes.Type] ?? owner.CleanHandle ?? "";

    private static UsageFigures Of(Block block, ReservedRanges reserved)
    {
        int cooling = block.Allocations.Count(a => a.Owner.IsCooling);
        int used = block.Allocations.Count() - cooling;
        int borrowed = block.Allocations.Count(a => IsBorrowed(block, a));
        return new UsageFigures(block.Owner?.ToString() ?? "", block.Cidr, (UInt128)block.Size, (UInt128)used, (UInt128)cooling,
            reserved.CountIn(block.Cidr), (UInt128)borrowed)
        {
            Available = (UInt128)block.FreeCount(reserved),
        };
    }

    private static bool IsBorrowed(Block block, GivenAddress allocation) =>
        !allocation.Owner.IsCooling && allocation.Owner[OwnerAttributes.Node] is { } node && block.Owner != BlockOwner.Host(node);

    private static UInt128 Sum(IEnumerable<UInt128> values) => values.Aggregate(UInt128.Zero, (a, b) => a + b);
}
