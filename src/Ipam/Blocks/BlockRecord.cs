using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Ipam.Blocks;

/// <summary>
/// Between the stored IPAMBlock and the working copy. What can be mended is mended on reading: a queue of free ordinals
/// that disagrees with the allocations is rebuilt around them, because the allocations are what pods depend on. What
/// cannot be understood makes the block unreadable, and nothing is ever given from an unreadable block.
/// </summary>
public static class BlockRecord
{
    /// <summary>Reads a stored block.</summary>
    /// <param name="record">The object; it is not touched, now or by later edits of the block.</param>
    /// <param name="block">The working copy.</param>
    /// <param name="problem">Why it cannot be used.</param>
    public static bool TryRead(IPAMBlock record, [NotNullWhen(true)] out Block? block, [NotNullWhen(false)] out string? problem)
    {
        block = null;
        var spec = record.Spec;
        if (!IpPrefix.TryParse(spec.Cidr, out var cidr) || cidr.Address.Bits - cidr.Length > 12)
        {
            problem = $"'{spec.Cidr}' is not the prefix of a block";
            return false;
        }
        int size = 1 << (cidr.Address.Bits - cidr.Length);
        if (spec.Allocations.Count != size)
        {
            problem = $"it lists {spec.Allocations.Count} ordinals, {cidr} has {size}";
            return false;
        }
        if (spec.Allocations.FirstOrDefault(i => i < 0 || i >= spec.Attributes.Count) is { } astray)
        {
            problem = $"an allocation points at attribute {astray} of {spec.Attributes.Count}";
            return false;
        }
        if (!TryReadOwners(spec.Attributes, out var owners, out problem)) return false;

        block = new Block(cidr, [.. spec.Allocations], Queue(spec, size), owners, Sequences(spec))
        {
            Owner = BlockOwner.TryParse(spec.Affinity, out var owner) ? owner : null,
            ClaimedAt = TryReadTime(spec.AffinityClaimTime, out var claimed) ? claimed : null,
            SequenceNumber = spec.SequenceNumber,
        };
        return true;
    }

    /// <summary>The object to write for this block.</summary>
    /// <param name="block">The edited copy.</param>
    /// <param name="basis">The object that was read, for its metadata; null for a new block.</param>
    public static IPAMBlock Write(Block block, IPAMBlock? basis)
    {
        var record = new IPAMBlock { Metadata = basis?.Metadata ?? new ObjectMeta { Name = IpamNames.OfBlock(block.Cidr) } };
        record.Spec = new IPAMBlockSpec
        {
            Cidr = block.Cidr.ToString(),
            Affinity = block.Owner?.ToString(),
            AffinityClaimTime = block.ClaimedAt is { } at ? WriteTime(at) : null,
            Allocations = [.. block.RawAllocations],
            Unallocated = [.. block.Free],
            Attributes = [.. block.Owners.Select(WriteOwner)],
            SequenceNumber = block.SequenceNumber,
            SequenceNumberForAllocation = block.RawSequences.OrderBy(p => p.Key)
                .ToDictionary(p => p.Key.ToString(CultureInfo.InvariantCulture), p => p.Value),
            StrictAffinity = basis?.Spec.StrictAffinity ?? false,
        };
        return record;
    }

    /// <summary>What is wrong with a stored block, mended or not, in words for people.</summary>
    public static IEnumerable<string> Problems(IPAMBlock record)
    {
        if (!TryRead(record, out var block, out string? problem))
        {
            yield return problem;
            yield break;
        }
        if (record.Metadata.Name != IpamNames.OfBlock(block.Cidr)) yield return $"it is named {record.Metadata.Name}, not {IpamNames.OfBlock(block.Cidr)}";
        var listed = record.Spec.Unallocated;
        foreach (int ordinal in listed.GroupBy(o => o).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"ordinal {ordinal} is queued as free twice";
        foreach (int ordinal in listed.Distinct())
        {
            if (ordinal < 0 || ordinal >= block.Size) yield return $"ordinal {ordinal} is queued as free and does not exist";
            else if (record.Spec.Allocations[ordinal] is not null) yield return $"{block.AddressAt(ordinal)} is allocated and queued as free";
        }
        foreach (int ordinal in block.Free.Except(listed)) yield return $"{block.AddressAt(ordinal)} is free and not queued";
        if (record.Spec.Affinity is { Length: > 0 } text && block.Owner is null) yield return $"its affinity '{text}' names no owner";
    }

    internal static bool TryReadTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    internal static string WriteTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static List<int> Queue(IPAMBlockSpec spec, int size)
    {
        var seen = new bool[size];
        var queue = new List<int>(spec.Unallocated.Count);
        foreach (int ordinal in spec.Unallocated.Concat(Enumerable.Range(0, size)))
        {
            if (ordinal < 0 || ordinal >= size || seen[ordinal] || spec.Allocations[ordinal] is not null) continue;
            seen[ordinal] = true;
            queue.Add(ordinal);
        }
        return queue;
    }

    private static Dictionary<int, ulong> Sequences(IPAMBlockSpec spec)
    {
        var sequences = new Dictionary<int, ulong>();
        foreach (var (key, value) in spec.SequenceNumberForAllocation)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)) sequences[ordinal] = value;
        }
        return sequences;
    }

    private static bool TryReadOwners(List<AllocationAttribute> attributes, out List<AllocationOwner> owners, [NotNullWhen(false)] out string? problem)
    {
        owners = [];
        foreach (var attribute in attributes)
        {
            DateTimeOffset? released = null;
            if (attribute.ReleasedAt is { Length: > 0 } text)
            {
                if (!TryReadTime(text, out var at))
                {
                    problem = $"'{text}' is not the time of a release";
                    return false;
                }
                released = at;
            }
            owners.Add(new AllocationOwner
            {
                HandleId = attribute.HandleId,
                Attributes = attribute.ActiveOwnerAttrs ?? [],
                AlternateOwner = attribute.AlternateOwnerAttrs,
                ReleasedAt = released,
            });
        }
        problem = null;
        return true;
    }

    private static AllocationAttribute WriteOwner(AllocationOwner owner) => new()
    {
        HandleId = owner.HandleId,
        ActiveOwnerAttrs = owner.Attributes.Count == 0 ? null : new(owner.Attributes),
        AlternateOwnerAttrs = owner.AlternateOwner is { } other ? new(other) : null,
        ReleasedAt = owner.ReleasedAt is { } at ? WriteTime(at) : null,
    };
}
