using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;

namespace Margay.Ipam.Allocation;

/// <summary>Says how full pools are, when a request found nothing.</summary>
internal static class PoolFigures
{
    /// <summary>Completes the verdicts of a refused request with what the blocks show, and words the message.</summary>
    public static Refused Explain(Refused refused, AddressRequest request, IpFamily family, IpamView view, IReadOnlyList<StoredBlock> blocks, DateTimeOffset now)
    {
        var verdicts = new List<PoolVerdict>();
        foreach (var verdict in refused.Pools)
        {
            var pool = view.Pools.FirstOrDefault(p => p.Metadata.Name == verdict.Pool);
            if (!verdict.Eligible || pool is null || PoolSelection.LayoutOf(pool) is not { } layout) verdicts.Add(verdict);
            else verdicts.Add(verdict with { Reason = Describe(layout, request, verdict.Reason, view, blocks, now) });
        }
        string text = family == IpFamily.V4 ? "IPv4" : "IPv6";
        string reasons = string.Join("; ", verdicts.Where(v => v.Eligible).Select(v => $"pool {v.Pool} {v.Reason}"));
        return refused with { Pools = verdicts, Message = $"no free {text} address for {request.Asker}: {reasons}" };
    }

    private static string Describe(PoolLayout layout, AddressRequest request, string why, IpamView view, IReadOnlyList<StoredBlock> blocks, DateTimeOffset now)
    {
        UInt128 capacity = ReservedRanges.Size(layout.Pool), used = 0, resting = 0, ready = 0, free = capacity, freeElsewhere = 0;
        var reserved = view.Reserved.CountIn(layout.Pool);
        int made = 0, own = 0;
        foreach (var stored in blocks.Where(b => layout.IsBlock(b.Cidr)))
        {
            made++;
            if (stored.Owner == request.Owner) own++;
            if (stored.Open(view.Settings.Cooldown, now) is not { } block) continue;
            foreach (var allocation in block.Allocations)
            {
                if (allocation.Owner.IsCooling) resting++;
                else used++;
                if (allocation.Owner[OwnerAttributes.Type] == WarmOwner.Type) ready++;
            }
            if (stored.Owner != request.Owner) freeElsewhere += (UInt128)block.FreeCount(view.Reserved);
        }
        free -= used + resting;
        string figures = $"{Number(used)} of {Number(capacity)}"
            + (resting > 0 ? $", {Number(resting)} cooling down" : "")
            + (ready > 0 ? $", {Number(ready)} of them kept ready by nodes" : "")
            + (reserved > 0 ? $", {Number(reserved)} reserved" : "");
        if (free <= reserved) return $"is full: {figures}";
        if (view.Settings.StrictAffinity && freeElsewhere > 0 && (UInt128)made >= layout.BlockCount)
            return $"has free addresses only in blocks of other nodes, and strictAffinity forbids borrowing: {figures}";
        return why.Length > 0 ? $"is not full ({figures}), but {why}" : $"has no free address that {request.Asker} may take: {figures}, {own} of {made} blocks are theirs";
    }

    private static string Number(UInt128 value) => value.ToString(CultureInfo.InvariantCulture);
}
