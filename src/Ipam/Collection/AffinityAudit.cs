using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>Whether blocks and affinities agree about owners.</summary>
internal static class AffinityAudit
{
    public static IEnumerable<Finding> Examine(IpamSnapshot snapshot, List<(IPAMBlock Record, Block Block)> blocks)
    {
        var byCidr = blocks.GroupBy(b => b.Block.Cidr).ToDictionary(g => g.Key, g => g.First().Block);
        var claimed = new Dictionary<IpPrefix, string>();
        foreach (var affinity in snapshot.Affinities.OrderBy(a => a.Metadata.Name, StringComparer.Ordinal))
        {
            string name = affinity.Metadata.Name!;
            if (!IpPrefix.TryParse(affinity.Spec.Cidr, out var cidr))
            {
                yield return new(FindingKind.AffinityMismatch, name, $"'{affinity.Spec.Cidr}' is not the prefix of a block");
                continue;
            }
            var owner = IpamRecords.OwnerOf(affinity);
            var block = byCidr.GetValueOrDefault(cidr);
            bool confirmed = IpamRecords.IsConfirmed(affinity);
            if (!confirmed)
                yield return new(FindingKind.AffinityMismatch, name, $"is {affinity.Spec.State}: a claim or its end is under way, or was cut off", IsNote: true);
            else if (block is null)
                yield return new(FindingKind.AffinityMismatch, name, $"is confirmed, but block {cidr} does not exist; {owner} makes it when it needs it", IsNote: true);
            else if (block.Owner != owner)
                yield return new(FindingKind.AffinityMismatch, name, $"is confirmed, but block {cidr} belongs to {block.Owner?.ToString() ?? "nobody"}");
            if (confirmed && !claimed.TryAdd(cidr, name))
                yield return new(FindingKind.AffinityMismatch, name, $"claims block {cidr}, and so does {claimed[cidr]}");
            if (owner.Type == BlockOwner.HostType && !snapshot.Nodes.ContainsKey(owner.Name))
                yield return new(FindingKind.NodeGone, name, $"node {owner.Name} does not exist; its blocks go when they are empty");
        }
        var all = snapshot.Affinities.Select(a => (IpamRecords.OwnerOf(a), a.Spec.Cidr)).ToHashSet();
        foreach (var (_, block) in blocks)
        {
            if (block.Owner is { } owner && !all.Contains((owner, block.Cidr.ToString())))
                yield return new(FindingKind.AffinityMismatch, block.Cidr.ToString(), $"belongs to {owner}, which has no affinity for it; the next request of that node mends it");
        }
    }
}
