using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>
/// Everything that bears on addresses, read one kind after the other. The reads are not one instant, so a single
/// snapshot proves nothing against an allocation: blocks come first and pods last, so that a pod which started
/// meanwhile is seen with its address rather than without.
/// </summary>
/// <param name="View">Pools, reservations and settings.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="Handles">The handle objects.</param>
/// <param name="Affinities">The affinities.</param>
/// <param name="Nodes">The nodes by name.</param>
/// <param name="Pods">The pods by "NAMESPACE/NAME".</param>
public sealed record IpamSnapshot(
    IpamView View, IReadOnlyList<IPAMBlock> Blocks, IReadOnlyList<IPAMHandle> Handles, IReadOnlyList<BlockAffinity> Affinities,
    IReadOnlyDictionary<string, Node> Nodes, IReadOnlyDictionary<string, Pod> Pods)
{
    /// <summary>Reads it.</summary>
    public static async ValueTask<IpamSnapshot> ReadAsync(IIpamStore store, CancellationToken stop)
    {
        var affinities = await store.ListAsync<BlockAffinity>(null, stop);
        var handles = await store.ListAsync<IPAMHandle>(null, stop);
        var blocks = await store.ListAsync<IPAMBlock>(null, stop);
        var view = await IpamView.ReadAsync(store, stop);
        var (nodes, pods) = await ReadOwnersAsync(store, stop);
        return new IpamSnapshot(view, [.. blocks.Where(b => !b.Spec.Deleted)], [.. handles.Where(h => !h.Spec.Deleted)],
            [.. affinities.Where(a => !a.Spec.Deleted)], nodes, pods);
    }

    internal static async ValueTask<(IReadOnlyDictionary<string, Node> Nodes, IReadOnlyDictionary<string, Pod> Pods)> ReadOwnersAsync(
        IIpamStore store, CancellationToken stop)
    {
        var nodes = await store.ListAsync<Node>(null, stop);
        var pods = await store.ListAsync<Pod>(null, stop);
        return (nodes.ToDictionary(n => n.Metadata.Name!), pods.ToDictionary(p => $"{p.Metadata.Namespace}/{p.Metadata.Name}"));
    }

    /// <summary>The blocks that can be understood, opened.</summary>
    public IEnumerable<(IPAMBlock Record, Block Block)> Readable()
    {
        foreach (var record in Blocks)
        {
            if (BlockRecord.TryRead(record, out var block, out _)) yield return (record, block);
        }
    }
}
