using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>
/// Whether handle objects and blocks agree. An object that promises too much is what a crash leaves; one that is missing
/// matters only for addresses that are not in their own node's blocks, because those are found without it.
/// </summary>
internal static class HandleAudit
{
    public static IEnumerable<Finding> Examine(IpamSnapshot snapshot, List<(IPAMBlock Record, Block Block)> blocks)
    {
        foreach (var (handle, cidr, said, real) in Overstated(snapshot.Handles, blocks))
        {
            yield return new(FindingKind.OrphanHandle, handle.Spec.HandleId,
                $"its object promises {said} addresses in block {cidr}, where it has {real}", IsNote: real > 0);
        }
        foreach (var handle in snapshot.Handles.Where(h => h.Spec.Block.Count == 0))
            yield return new(FindingKind.OrphanHandle, handle.Spec.HandleId, "its object names no block");

        var named = snapshot.Handles.SelectMany(h => h.Spec.Block.Keys.Select(cidr => (h.Metadata.Name!, cidr))).ToHashSet();
        foreach (var (_, block) in blocks)
        {
            foreach (var allocation in block.Allocations.Where(a => !a.Owner.IsCooling && a.Owner.CleanHandle is { Length: > 0 }))
            {
                string handle = allocation.Owner.CleanHandle!;
                bool own = allocation.Owner[OwnerAttributes.Node] is { } node && block.Owner == BlockOwner.Host(node);
                if (!own && !named.Contains((IpamNames.OfHandle(handle), block.Cidr.ToString())))
                    yield return new(FindingKind.MissingHandle, handle, $"has {allocation.Address} in block {block.Cidr} of {block.Owner?.ToString() ?? "nobody"}, and no object says so");
            }
        }
    }

    /// <summary>The entries of handle objects that promise more than the block holds.</summary>
    public static IEnumerable<(IPAMHandle Handle, IpPrefix Cidr, int Said, int Real)> Overstated(
        IEnumerable<IPAMHandle> handles, IEnumerable<(IPAMBlock Record, Block Block)> blocks)
    {
        var held = blocks.GroupBy(b => b.Block.Cidr).ToDictionary(g => g.Key, g => g.First().Block.Allocations
            .Where(a => !a.Owner.IsCooling && a.Owner.CleanHandle is not null)
            .CountBy(a => IpamNames.OfHandle(a.Owner.CleanHandle!)).ToDictionary());
        foreach (var handle in handles)
        {
            foreach (var (text, said) in handle.Spec.Block)
            {
                if (!IpPrefix.TryParse(text, out var cidr)) continue;
                int real = held.GetValueOrDefault(cidr)?.GetValueOrDefault(handle.Metadata.Name!) ?? 0;
                if (said > real) yield return (handle, cidr, said, real);
            }
        }
    }
}
