using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>A version of a block as it stands in the datastore. Immutable; edits happen on copies.</summary>
internal sealed record StoredBlock(IPAMBlock Record, IpPrefix Cidr)
{
    /// <summary>Null when the record has no readable prefix.</summary>
    public static StoredBlock? From(IPAMBlock? record) =>
        record is not null && IpPrefix.TryParse(record.Spec.Cidr, out var cidr) ? new StoredBlock(record, cidr) : null;

    /// <summary>A working copy in which what has cooled down is free; null when the record cannot be understood.</summary>
    public Block? Open(TimeSpan cooldown, DateTimeOffset now)
    {
        if (!BlockRecord.TryRead(Record, out var block, out _)) return null;
        block.FreeCooled(cooldown, now);
        return block;
    }

    /// <summary>The owner, without opening the block.</summary>
    public BlockOwner? Owner => BlockOwner.TryParse(Record.Spec.Affinity, out var owner) ? owner : null;

    /// <summary>False when the handle has nothing here: a cheap look that spares opening a block.</summary>
    public bool MayHold(string handle) => Record.Spec.Attributes.Exists(a => a.HandleId?.StartsWith(handle, StringComparison.Ordinal) == true);

    /// <summary>False when nothing can be given from here: a cheap look that spares opening a block.</summary>
    public bool MayHaveRoom => Record.Spec.Allocations.Contains(null) || Record.Spec.Attributes.Exists(a => a.ReleasedAt is not null);
}
