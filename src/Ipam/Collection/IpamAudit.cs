using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>What <c>ipam check</c> reports.</summary>
/// <param name="Findings">Everything found, problems first.</param>
/// <param name="Blocks">How many blocks there are.</param>
/// <param name="Allocations">How many addresses are given, cooling ones aside.</param>
/// <param name="Leaks">The leaked allocations, ready to be released; each is safe against a later tenant.</param>
public sealed record AuditReport(IReadOnlyList<Finding> Findings, int Blocks, int Allocations, IReadOnlyList<AddressRelease> Leaks)
{
    /// <summary>The number of findings that somebody should look at.</summary>
    public int Problems => Findings.Count(f => !f.IsNote);
}

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">Which address, block, handle or affinity.</param>
/// <param name="Explanation">What is wrong and, where it matters, what comes of it.</param>
/// <param name="IsNote">True when it is harmless or mends itself.</param>
public sealed record Finding(FindingKind Kind, string Subject, string Explanation, bool IsNote = false);

/// <summary>Kinds of findings.</summary>
public enum FindingKind
{
    /// <summary>A stored block contradicts itself.</summary>
    MalformedBlock,

    /// <summary>Two blocks share addresses.</summary>
    OverlappingBlocks,

    /// <summary>Two running pods have one address.</summary>
    DoubledAddress,

    /// <summary>A pod uses an address of a pool that it was not given.</summary>
    NotAllocated,

    /// <summary>An address is given and nobody uses it.</summary>
    Leaked,

    /// <summary>An address does not say whose it is.</summary>
    NoOwner,

    /// <summary>A handle object that promises addresses which no block has.</summary>
    OrphanHandle,

    /// <summary>A borrowed address whose handle object does not name its block: release by handle would miss it.</summary>
    MissingHandle,

    /// <summary>A block in no pool.</summary>
    BlockWithoutPool,

    /// <summary>A block and the affinities disagree about its owner.</summary>
    AffinityMismatch,

    /// <summary>The owner of a block or affinity is no node of the cluster.</summary>
    NodeGone,
}

/// <summary>Looks for contradictions between blocks, affinities, handles, pools, nodes and pods. Pure.</summary>
public static class IpamAudit
{
    /// <summary>Examines a snapshot.</summary>
    public static AuditReport Examine(IpamSnapshot snapshot)
    {
        var blocks = snapshot.Readable().ToList();
        var findings = new List<Finding>();
        foreach (var record in snapshot.Blocks)
            findings.AddRange(BlockRecord.Problems(record).Select(p => new Finding(FindingKind.MalformedBlock, record.Spec.Cidr, p)));
        findings.AddRange(Overlaps(blocks));
        findings.AddRange(Pools(snapshot, blocks));
        findings.AddRange(AffinityAudit.Examine(snapshot, blocks));
        findings.AddRange(HandleAudit.Examine(snapshot, blocks));
        findings.AddRange(Pods(snapshot, blocks));

        var leaks = new List<AddressRelease>();
        int given = 0;
        foreach (var allocation in blocks.SelectMany(b => b.Block.Allocations))
        {
            var judgement = Judgement.Of(allocation, snapshot.Nodes, snapshot.Pods);
            if (judgement.Standing != Standing.Cooling) given++;
            if (judgement.Standing == Standing.Unknown)
                findings.Add(new Finding(FindingKind.NoOwner, allocation.Address.ToString(), $"handle {allocation.Owner.HandleId}: {judgement.Reason}", IsNote: true));
            if (judgement.Standing != Standing.Leaked) continue;
            findings.Add(new Finding(FindingKind.Leaked, allocation.Address.ToString(), $"{judgement.Reason}; handle {allocation.Owner.HandleId}"));
            leaks.Add(new AddressRelease(allocation.Address, allocation.Sequence, allocation.Owner.CleanHandle));
        }
        return new AuditReport([.. findings.OrderBy(f => f.IsNote).ThenBy(f => f.Kind)], snapshot.Blocks.Count, given, leaks);
    }

    private static IEnumerable<Finding> Overlaps(List<(IPAMBlock Record, Block Block)> blocks)
    {
        Block? last = null;
        foreach (var (_, block) in blocks.OrderBy(b => b.Block.Cidr))
        {
            if (last is not null && last.Cidr.Contains(block.Cidr))
                yield return new Finding(FindingKind.OverlappingBlocks, block.Cidr.ToString(), $"lies in block {last.Cidr}: an address may be given twice");
            else
                last = block;
        }
    }

    private static IEnumerable<Finding> Pools(IpamSnapshot snapshot, List<(IPAMBlock Record, Block Block)> blocks)
    {
        List<IpPrefix> pools = [.. snapshot.View.Pools.Select(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) ? cidr : default)];
        foreach (var (_, block) in blocks.Where(b => !pools.Exists(p => p.Family == b.Block.Cidr.Family && p.Contains(b.Block.Cidr))))
        {
            yield return new Finding(FindingKind.BlockWithoutPool, block.Cidr.ToString(),
                $"lies in no pool; {block.Allocations.Count()} of {block.Size} addresses are given, and nothing new is given from it");
        }
    }

    private static IEnumerable<Finding> Pods(IpamSnapshot snapshot, List<(IPAMBlock Record, Block Block)> blocks)
    {
        var users = new Dictionary<IpAddr, List<string>>();
        foreach (var (name, pod) in snapshot.Pods.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (pod.Spec.HostNetwork == true || pod.Status?.Phase is "Succeeded" or "Failed") continue;
            foreach (var address in Judgement.AddressesOf(pod))
            {
                if (!users.TryGetValue(address, out var names)) users[address] = names = [];
                names.Add(name);
            }
        }
        var given = blocks.SelectMany(b => b.Block.Allocations).Where(a => !a.Owner.IsCooling).Select(a => a.Address).ToHashSet();
        foreach (var (address, names) in users.OrderBy(u => u.Key))
        {
            if (names.Count > 1)
                yield return new Finding(FindingKind.DoubledAddress, address.ToString(), $"is in use by {names.Count} pods: {string.Join(", ", names)}");
            if (given.Contains(address)) continue;
            var pool = snapshot.View.Pools.FirstOrDefault(p => IpPrefix.TryParse(p.Spec.Cidr, out var cidr) && cidr.Contains(address));
            if (pool is not null)
                yield return new Finding(FindingKind.NotAllocated, address.ToString(), $"is in use by pod {names[0]} and in pool {pool.Metadata.Name}, but not allocated: it may be given to another pod");
        }
    }
}
